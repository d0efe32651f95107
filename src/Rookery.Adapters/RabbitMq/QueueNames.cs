using System.Globalization;

namespace Rookery.Adapters.RabbitMq;

/// <summary>
/// How things are called in the broker. The outbox is in the names: events of another one on the same broker, or of a database that was here before,
/// have the same sequences and are not the same. A consumer's queues carry a number, so that one that was lost is never taken for the one that took its
/// place.
/// </summary>
internal sealed class QueueNames(string prefix)
{
    private string? _outbox;

    /// <summary>Every stretch goes here, and from here to a queue of each consumer.</summary>
    public string Events => $"{prefix}.{Outbox}.events";

    private string Outbox =>
        _outbox ?? throw new InvalidOperationException("Which outbox this is about was not said.");

    /// <summary>Said once, before anything is named.</summary>
    public void BelongTo(string outbox) => _outbox = outbox;

    public string Of(string consumer, long number, Lane lane) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}.{Outbox}.{consumer}.{number}")
        + lane switch
        {
            Lane.SetAside => ".set-aside",
            Lane.Large => ".large",
            _ => "",
        };
}

/// <summary>The queues of a consumer, none of which waits for another.</summary>
internal enum Lane
{
    Small,

    /// <summary>What is much work.</summary>
    Large,

    /// <summary>What the broker was given back too often, or what nobody could read.</summary>
    SetAside,
}
