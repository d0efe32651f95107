using Rookery.Telemetry;

namespace Rookery.Sharing;

/// <summary>What is known of the changes in one database, and what is read of it together with others.</summary>
internal sealed record SharedSource(ChangesSeen Changes, SharedReads Reads)
{
    /// <param name="lease">Of the database.</param>
    public static SharedSource Of(ISharedCache cache, ICommitLease lease, TelemetryEvents telemetry)
    {
        var changes = new ChangesSeen(cache.Keeps);
        return new SharedSource(changes, new SharedReads(cache, changes, lease, telemetry));
    }
}

/// <summary>The databases whose values are shared: sequences of one say nothing of the other's. They may be one.</summary>
internal sealed record SharedSources(SharedSource Posts, SharedSource Cards);
