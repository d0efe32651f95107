namespace Rookery.Api;

/// <summary>What the requests of a route are counted as. Every route that <see cref="Endpoints"/> maps has one.</summary>
internal enum RouteLimit
{
    /// <summary>Not counted: trusted backends, and what load balancers ask.</summary>
    None,
    Reads,
    Writes,

    /// <summary>Reads that look through thousands of posts each.</summary>
    Searches,

    /// <summary>By address, before the body is read.</summary>
    SignUps,

    /// <summary>By address, before the body is read; the endpoint counts them by name too.</summary>
    LogIns,

    /// <summary>
    /// What has a mail sent: by account where there is one, else by address, before the body is read; the use case counts them by mailbox too.
    /// </summary>
    Mails,

    /// <summary>Writes that try the account's password.</summary>
    Passwords,
}
