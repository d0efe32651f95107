using System.ComponentModel.DataAnnotations;

namespace Rookery.Delivery;

/// <summary>How events travel from the outbox to their consumers.</summary>
public sealed class DeliveryOptions
{
    public const string Section = "Delivery";

    /// <summary>Events read and published together. Larger batches make a counter later, smaller ones cost more commits.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 512;

    /// <summary>How often one event is tried before it is a dead letter.</summary>
    [Range(1, 100)]
    public int Attempts { get; set; } = 5;

    /// <summary>The wait after the first failure, in milliseconds; it doubles with each further one, up to 30 s.</summary>
    [Range(1, 30_000)]
    public int FirstRetryMilliseconds { get; set; } = 50;

    /// <summary>Hours that published events and the marks of having applied them are kept.</summary>
    [Range(1, 24 * 365)]
    public int KeepHours { get; set; } = 24;
}
