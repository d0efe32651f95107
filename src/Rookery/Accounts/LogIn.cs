using Rookery.Telemetry;

namespace Rookery.Accounts;

internal sealed record LogInRequest(string? Username, string? Password)
{
    /// <summary>What logs in, for the mail that tells of it.</summary>
    public string Device { get; init; } = "";

    /// <summary>Never the password: records are printed into logs.</summary>
    public override string ToString() => $"log-in of {Username}";
}

/// <summary>
/// Opens a session for who knows the password. Unknown name, wrong password, no password and deleted account get one answer after the work of
/// one hash, so that nobody learns which names exist. Only who knows the password learns that the account is suspended.
/// </summary>
internal sealed class LogIn(IAccountStore store, PasswordWork passwords, TelemetryEvents telemetry)
{
    /// <summary>The first can be overtaken by another log-in that renews the hash; each further one needs another such change.</summary>
    private const int Attempts = 3;

    private static readonly Problem Refused = Problem.Unauthenticated(
        "The username or the password is wrong."
    );

    private static readonly Problem Suspended = Problem.Forbidden(
        "This account is suspended: nobody can log in to it, and nobody sees it, until the moderators of this server lift that. Ask them, if you think that it is a mistake."
    );

    public async Task<Result<LoggedIn>> HandleAsync(LogInRequest request, CancellationToken token)
    {
        if (string.IsNullOrEmpty(request.Username))
        {
            return Problem.Invalid("username", "The username is missing.");
        }

        if (string.IsNullOrEmpty(request.Password))
        {
            return Problem.Invalid("password", "The password is missing.");
        }

        var outcome = await TryAsync(request, token);
        if (outcome.Succeeded)
        {
            telemetry.LoggedIn();
        }
        else
        {
            telemetry.LogInRefused();
        }

        return outcome;
    }

    private async Task<Result<LoggedIn>> TryAsync(LogInRequest request, CancellationToken token)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var credentials = await FindAsync(request.Username!, token);
            if (
                !await passwords.VerifyAsync(request.Password!, credentials, token)
                || credentials is null
            )
            {
                return Refused;
            }

            if (credentials.IsSuspended)
            {
                return Suspended;
            }

            if (await OpenAsync(credentials, request, token) is { } opened)
            {
                return opened;
            }
        }

        return Refused;
    }

    private async ValueTask<Credentials?> FindAsync(string username, CancellationToken token) =>
        Handle.Standing(username) is { } handle
            ? await store.CredentialsAsync(handle.Folded, token)
            : null;

    /// <summary>Null where the password was changed since it was verified.</summary>
    private async Task<LoggedIn?> OpenAsync(
        Credentials credentials,
        LogInRequest request,
        CancellationToken token
    )
    {
        var session = AuthToken.Draw();
        var renewed = passwords.NeedsRehash(credentials)
            ? await passwords.HashAsync(request.Password!, token)
            : null;
        return await store.OpenSessionAsync(
            credentials,
            session.Hash,
            renewed,
            token,
            request.Device
        )
            ? new LoggedIn(credentials.Account, credentials.Username, session.Text)
            : null;
    }
}
