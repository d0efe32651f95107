using System.Data.Common;

namespace Rookery.Adapters.Sql;

/// <summary>What a database has given out last: the milliseconds of its newest ids and the sequence of its newest event.</summary>
internal readonly record struct LastIssued(long Milliseconds, long Sequence);

/// <summary>
/// What differs between the databases that the stores are written for once: how one is opened, how a group of writes gets it for itself,
/// what its faults mean and which words it needs.
/// </summary>
internal interface ISqlEngine : IDisposable
{
    /// <summary>The product, its version and where it is, for the start's lines; no secret.</summary>
    string Description { get; }

    /// <summary>Where it is and which setting says so, for messages; no secret.</summary>
    string Place { get; }

    /// <summary>Reads answer from this machine's memory and disk: nobody else could use the thread's time meanwhile.</summary>
    bool IsLocal { get; }

    /// <summary>Why no write can be taken now, for an operator; null while they can.</summary>
    string? Problem { get; }

    /// <summary>A session that may write, with the schema brought up to date.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened; the message says what to do.</exception>
    SqlSession OpenWriter();

    /// <exception cref="DbException">It cannot be opened.</exception>
    SqlSession OpenReader();

    /// <summary>Why a group may not be begun, as its writers are told it; null where it may.</summary>
    StoreUnavailableException? Refusal();

    /// <summary>
    /// Begins a group's transaction: until its end nobody else's writes are committed, by whatever process. What others have issued
    /// meanwhile, or null where there are no others.
    /// </summary>
    /// <param name="ask">Where there are: puts questions that are answered in the same round trip, as the group finds things.</param>
    LastIssued? Begin(SqlSession writer, Action<SqlSession> ask);

    /// <summary>Commits, with what the group has issued: it is on the disk when this returns.</summary>
    void Commit(SqlSession writer, LastIssued issued);

    /// <summary>Appends to the outbox, in order, at the latest with the commit.</summary>
    void Append(SqlSession writer, ReadOnlySpan<OutboxEntry> events);

    /// <summary>What was issued last, as the database alone knows it.</summary>
    LastIssued ReadLastIssued(SqlSession session);

    /// <summary>Called between groups.</summary>
    void Tend(SqlSession writer);

    /// <summary>Takes this process among those that write to the database; null where there is no other.</summary>
    /// <param name="follow">Tells the observers what others have committed.</param>
    /// <param name="read">Reads beside the writer.</param>
    IPeers? Join(Func<Task<Told>> follow, Func<Func<SqlSession, long>, Task<long>> read);

    /// <summary>A write failed: what was judged well a moment ago may not be.</summary>
    void Doubt();

    /// <summary>The database is full: what was not written is not committed.</summary>
    bool IsFull(DbException fault);

    /// <summary>A fault of the store, and not of one write.</summary>
    bool IsStoreFault(Exception fault);

    /// <summary>With it the database has said that nothing of the transaction stands: its commit may be asked for anew.</summary>
    bool IsUndone(Exception fault);

    /// <summary>The connection is of no more use; another one may be.</summary>
    bool IsBroken(SqlSession session);
}

/// <summary>A row for the outbox.</summary>
/// <param name="CreatedAt">Milliseconds since 1970.</param>
internal readonly record struct OutboxEntry(
    long Sequence,
    string Name,
    int Version,
    byte[] Payload,
    long CreatedAt
);
