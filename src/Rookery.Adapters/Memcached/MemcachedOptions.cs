using System.ComponentModel.DataAnnotations;
using Rookery.Wire;

namespace Rookery.Adapters.Memcached;

/// <summary>
/// A pool of memcacheds in which servers that share a PostgreSQL keep posts and account cards together. Nothing on them is ever needed, and what is wrong on
/// them is found out; but whoever can write to them can put words into people's mouths, so only the servers may reach them.
/// </summary>
public sealed class MemcachedOptions : IValidatableObject
{
    public const string Section = "Memcached";

    /// <summary>
    /// The pool (memcached 1.6 or later), as <c>host:port</c>, with <c>,</c> between several; the same on every server. Empty: there is none, and what is
    /// not in memory is read from the database.
    /// </summary>
    public string Nodes { get; set; } = "";

    /// <summary>
    /// What all keys begin with; the database's own name follows. To be changed after restoring a backup, or memcached to be emptied: a backup has the same
    /// name as the database that it was made of.
    /// </summary>
    [RegularExpression("[a-zA-Z0-9:_-]{1,40}")]
    public string KeyPrefix { get; set; } = "rookery";

    /// <summary>
    /// Milliseconds that a page waits for memcached before it is read from the database. A node that was late is left alone for a second.
    /// </summary>
    [Range(1, 10_000)]
    public int PatienceMilliseconds { get; set; } = 20;

    /// <summary>Seconds that a value is kept, at most.</summary>
    [Range(1, 30 * 24 * 3600)]
    public int KeepSeconds { get; set; } = 24 * 3600;

    internal bool IsUsed => Places.Length > 0;

    internal IReadOnlyList<WireEndpoint> Endpoints => [.. Places.Select(WireEndpoint.Parse)];

    private string[] Places =>
        Nodes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Places
            .Where(place => !WireEndpoint.TryParse(place, out _))
            .Select(place => new ValidationResult(
                $"{Section}:{nameof(Nodes)}: '{place}' is not host:port."
            ));
}
