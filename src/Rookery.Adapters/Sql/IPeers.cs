namespace Rookery.Adapters.Sql;

/// <summary>The other processes that write to the same database, and what each of them is known to have learned.</summary>
internal interface IPeers : ICommitLease, IDisposable
{
    /// <summary>
    /// Completes when every process that still holds its lease has been told of everything through this event; at the latest when those that have
    /// not must have lost it.
    /// </summary>
    Task ConfirmedAsync(long sequence);
}

/// <summary>How far this process's observers were told.</summary>
/// <param name="Narrowed">The last event among them that took something away.</param>
internal readonly record struct Told(long Through, long Narrowed);
