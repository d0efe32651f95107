using System.ComponentModel.DataAnnotations;

namespace Rookery.Search;

/// <summary>How much of the machine searching may take.</summary>
public sealed class SearchOptions : IValidatableObject
{
    public const string Section = "Search";

    /// <summary>Bytes for the words that misspelt ones are corrected to, some 90,000 in 16 MB; the rarest are left out where they do not suffice.</summary>
    [Range(1 << 20, 1L << 36)]
    public long WordBytes { get; set; } = 16 << 20;

    /// <summary>Minutes between two images of the index on the disk. A start goes on from the last one; without one it reads all posts.</summary>
    [Range(1, 24 * 60)]
    public int SnapshotMinutes { get; set; } = 10;

    /// <summary>Events that wait until they are in the index, some 150 bytes each. Where more happens at once, all posts are read again.</summary>
    [Range(1_000, 100_000_000)]
    public int MostWaitingEvents { get; set; } = 200_000;

    /// <summary>Searchers whose likes are kept in memory, each with its 1,000 newest at most: 8 KB.</summary>
    [Range(16, 1 << 24)]
    public int CachedSearchers { get; set; } = 4_096;

    /// <summary>
    /// Posts that one search reads through at most: those that it answers with, and those whose texts it has to ask whether words stand side by side. What is looked at in
    /// the index counts little of that. Where it does not suffice, an answer says how far it came.
    /// </summary>
    [Range(128, ShardQuestion.MostRead)]
    public int PostsPerSearch { get; set; } = 20_000;

    /// <summary>
    /// Where the index is divided: the addresses of the processes of each shard, with commas between the processes of one shard and semicolons between
    /// shards, the same for all of them. Empty: each process of role search holds the whole index.
    /// </summary>
    public string Shards { get; set; } = "";

    /// <summary>Which of the shards this process holds, from 1 on.</summary>
    [Range(0, 1_000)]
    public int Shard { get; set; }

    /// <summary>Milliseconds after which a shard that has not answered is asked in another of its processes too.</summary>
    [Range(1, 10_000)]
    public int HedgeMilliseconds { get; set; } = 50;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var replicas = ReplicasIn(Shards);
        foreach (var url in replicas.SelectMany(urls => urls))
        {
            if (
                !Uri.TryCreate(url, UriKind.Absolute, out var address)
                || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            )
            {
                yield return new ValidationResult(
                    $"{Section}:{nameof(Shards)} names addresses like http://10.0.0.1:8080; '{url}' is none."
                );
            }
        }

        if (replicas.Count > 0 ? Shard < 1 || Shard > replicas.Count : Shard != 0)
        {
            yield return new ValidationResult(
                replicas.Count > 0
                    ? $"{Section}:{nameof(Shard)} is {Shard}, and {Section}:{nameof(Shards)} names {replicas.Count}: it must be from 1 to {replicas.Count}."
                    : $"{Section}:{nameof(Shard)} is {Shard}, and {Section}:{nameof(Shards)} names no shards."
            );
        }
    }

    internal static IReadOnlyList<string[]> ReplicasIn(string shards) =>
        shards.Length == 0
            ? []
            : [.. shards.Split(';').Select(one => one.Split(',', StringSplitOptions.TrimEntries))];
}
