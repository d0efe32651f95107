namespace Rookery.Notifications.Push;

/// <summary>A push as it goes to a push service: RFC 8030.</summary>
/// <param name="Topic">The same whenever the same push is sent again: one that waits at the service is replaced. At most 32 letters of Base64url.</param>
/// <param name="Lasts">What was not delivered by then is not any more.</param>
/// <param name="Headers">What else the service or the receiver reads it by.</param>
public sealed record OutgoingPush(
    Uri Endpoint,
    string Topic,
    TimeSpan Lasts,
    string ContentEncoding,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    ReadOnlyMemory<byte> Body
);

public enum PushFate
{
    /// <summary>It is the service's to deliver.</summary>
    Sent,

    /// <summary>There is no such subscription any more.</summary>
    Gone,

    /// <summary>It will not be taken, however often it is sent.</summary>
    Refused,

    /// <summary>It was not taken now.</summary>
    PutOff,
}

/// <param name="Reason">Why it was not sent, for the subscription's owner: nothing of what a service answered but its status.</param>
/// <param name="RetryAfter">How long the service wants to be left alone; null where it does not say.</param>
public readonly record struct PushOutcome(
    PushFate Fate,
    string Reason = "",
    TimeSpan? RetryAfter = null
);

/// <summary>
/// Hands pushes on.
/// <para>Durability: what is sent is in other hands, or on the disk.</para>
/// <para>Reach: an endpoint is a stranger's word. Nothing is sent where only this machine or its network gets, but to <see cref="PushOptions.OwnServices"/>, whatever names and redirects say.</para>
/// <para>Time: it answers within the time that the settings give it, whatever a service does.</para>
/// What keeps a push from being sent is an outcome and no fault.
/// </summary>
public interface IPushSender
{
    Task<PushOutcome> SendAsync(OutgoingPush push, CancellationToken token);
}
