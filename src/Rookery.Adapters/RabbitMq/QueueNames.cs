using System.Globalization;

namespace Rookery.Adapters.RabbitMq;

/// <summary>
/// How things are called in the broker. A consumer's queues carry a number, so that one that was lost is never taken for the one that took its
/// place.
/// </summary>
internal sealed class QueueNames(string prefix)
{
    /// <summary>Every stretch goes here, and from here to a queue of each consumer.</summary>
    public string Events => $"{prefix}.events";

    public string Of(string consumer, long number, Lane lane) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}.{consumer}.{number}")
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
