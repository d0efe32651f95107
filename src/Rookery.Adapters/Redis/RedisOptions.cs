using System.ComponentModel.DataAnnotations;
using Rookery.Wire;

namespace Rookery.Adapters.Redis;

/// <summary>
/// A Redis or Valkey server, or a cluster of them, that keeps pushed home timelines, and counts limits for all processes. Nothing on it is ever needed:
/// what is lost is made again.
/// A cluster's nodes run without persistence and with `min-replicas-to-write 1` and `min-replicas-max-lag 10`.
/// </summary>
public sealed class RedisOptions : IValidatableObject
{
    public const string Section = "Redis";

    /// <summary>
    /// Where it is, as `host:port`, with `,` between several. Of a cluster some of its nodes; the others are found. Empty: there is none, and
    /// all home timelines are merged at read.
    /// </summary>
    public string Nodes { get; set; } = "";

    /// <summary>The user to log in as, where it is not Redis's `default`.</summary>
    public string User { get; set; } = "";

    /// <summary>Empty: none is asked for.</summary>
    public string Password { get; set; } = "";

    /// <summary>Whether connections are encrypted. The server's certificate is always checked.</summary>
    public bool Tls { get; set; }

    /// <summary>A PEM file with the authorities that may have signed the servers' certificates. Empty: those that the system trusts.</summary>
    public string TlsAuthorities { get; set; } = "";

    /// <summary>What all keys begin with, so that two installations can share a server.</summary>
    [RegularExpression("[a-zA-Z0-9:_-]{1,40}")]
    public string KeyPrefix { get; set; } = "rookery";

    /// <summary>
    /// Counted up, with all servers stopped, it leaves every pushed timeline behind: they are built anew as they are read.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int Generation { get; set; } = 1;

    /// <summary>Milliseconds that a reader waits for Redis before the page is read from the database.</summary>
    [Range(10, 10_000)]
    public int PatienceMilliseconds { get; set; } = 500;

    /// <summary>Milliseconds that a log-in or a sign-up waits for Redis before it is counted by its process alone. No other request waits for its limit.</summary>
    [Range(1, 1_000)]
    public int LimitPatienceMilliseconds { get; set; } = 50;

    internal bool IsUsed => Places.Length > 0;

    internal IReadOnlyList<WireEndpoint> Endpoints => [.. Places.Select(WireEndpoint.Parse)];

    private string[] Places =>
        Nodes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var place in Places.Where(place => !WireEndpoint.TryParse(place, out _)))
        {
            yield return Wrong(
                nameof(Nodes),
                // What stands before the @ may be a password.
                place.Contains("://", StringComparison.Ordinal)
                    ? $"it names nodes as host:port, and '{place[..place.IndexOf("://", StringComparison.Ordinal)]}://…' is an address of another kind: a user, a password and TLS are said by {Section}:{nameof(User)}, {Section}:{nameof(Password)} and {Section}:{nameof(Tls)}"
                    : $"'{place}' is not host:port"
            );
        }

        if (TlsAuthorities.Length > 0 && !File.Exists(TlsAuthorities))
        {
            yield return Wrong(nameof(TlsAuthorities), $"there is no file '{TlsAuthorities}'");
        }

        if (Places.Length == 0 && (User.Length > 0 || Password.Length > 0 || Tls))
        {
            yield return Wrong(nameof(Nodes), "empty, though other settings of Redis are set");
        }
    }

    private static ValidationResult Wrong(string setting, string why) =>
        new($"{Section}:{setting}: {why}.", [setting]);
}
