using System.ComponentModel.DataAnnotations;

namespace Rookery.Sharing;

/// <summary>What the servers of one database keep together in memcached.</summary>
public sealed class SharingOptions
{
    public const string Section = "Sharing";

    /// <summary>
    /// Events that a server reads back from the outbox when it starts, in the background. Of what others have shared it uses what is younger than
    /// the oldest of them.
    /// </summary>
    [Range(0, 100_000_000)]
    public int RememberedEvents { get; set; } = 500_000;
}
