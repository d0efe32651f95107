using System.ComponentModel.DataAnnotations;

namespace Rookery.Adapters.Sql;

/// <summary>Where the truth is kept, and how.</summary>
public sealed class SqlOptions
{
    public const string Section = "Databases";

    /// <summary>
    /// PostgreSQL 15 or later, as a connection string of Npgsql (<c>Host=…;Database=…;Username=…;Password=…</c>; several hosts after a comma: the primary
    /// among them is found). Empty: one SQLite file in the data folder.
    /// </summary>
    public string Default { get; set; } = "";

    /// <summary>A PostgreSQL for accounts, sessions, names and mail alone, as <c>Databases:Default</c>. Empty: they stand in that one.</summary>
    public string Accounts { get; set; } = "";

    /// <summary>A PostgreSQL for follows, blocks and mutes alone, as <c>Databases:Default</c>. Empty: they stand in that one.</summary>
    public string Graph { get; set; } = "";

    /// <summary>A PostgreSQL for posts and likes alone, as <c>Databases:Default</c>. Empty: they stand in that one.</summary>
    public string Posts { get; set; } = "";

    /// <summary>A PostgreSQL for what is said of uploads, as <c>Databases:Default</c>. Empty: it stands where posts do. The files themselves are elsewhere.</summary>
    public string Media { get; set; } = "";

    /// <summary>A PostgreSQL for notifications alone, as <c>Databases:Default</c>. Empty: they stand where posts do.</summary>
    public string Notifications { get; set; } = "";

    /// <summary>
    /// The way to the same PostgreSQL past a pooler, where <c>Databases:Default</c> goes through one that gives a connection for each transaction
    /// (PgBouncer): one connection of each process listens and needs its own. Empty: there is no pooler. Databases of single capabilities are reached without one.
    /// </summary>
    public string Listener { get; set; } = "";

    /// <summary>The truth is in PostgreSQL, where other processes reach it too.</summary>
    internal bool IsShared =>
        Default.Length
            + Accounts.Length
            + Graph.Length
            + Posts.Length
            + Media.Length
            + Notifications.Length
        > 0;

    /// <summary>
    /// Writes are refused with 503 when less than this is free on the SQLite file's disk, before SQLite is hurt by it. In bytes.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long MinimumFreeBytes { get; set; } = 4 << 20;

    /// <summary>Members of one group commit at most. Larger groups gain nothing and make their first member wait.</summary>
    [Range(1, 4096)]
    public int GroupSize { get; set; } = 256;

    /// <summary>Writes waiting for the commit thread at most; one more is answered 503.</summary>
    [Range(1, 1 << 20)]
    public int QueueLength { get; set; } = 8192;

    /// <summary>
    /// Seconds that a write or a read waits for PostgreSQL. One that waits longer is answered 503; that of a write says whether it may be stored all the same. A
    /// read waits for a second where PostgreSQL has not said for two what others write.
    /// </summary>
    [Range(1, 60)]
    public int PatienceSeconds { get; set; } = 5;

    /// <summary>Connections to PostgreSQL that read; one more writes. Reads beyond them wait for one.</summary>
    [Range(1, 1000)]
    public int Readers { get; set; } = 8;

    /// <summary>Reads that may wait for a connection to PostgreSQL; one more is answered 503.</summary>
    [Range(1, 1 << 20)]
    public int ReadQueueLength { get; set; } = 4096;

    /// <summary>Seconds that this machine's clock may differ from PostgreSQL's; beyond them no id is issued.</summary>
    [Range(1, 1_000_000_000)]
    public int ClockToleranceSeconds { get; set; } = 5;
}
