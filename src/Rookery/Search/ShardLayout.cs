using Microsoft.Extensions.Options;

namespace Rookery.Search;

/// <summary>Which posts this process keeps in its index, and how many such parts there are. Without settings there is one, and it is whole.</summary>
internal sealed class ShardLayout
{
    public ShardLayout(IOptions<SearchOptions> options)
    {
        Replicas =
        [
            .. SearchOptions
                .ReplicasIn(options.Value.Shards)
                .Select(urls => (IReadOnlyList<string>)[.. urls]),
        ];
        Own = Math.Max(0, options.Value.Shard - 1);
    }

    /// <summary>Where the processes are that hold each shard, this one among them. Empty where nobody shares the index.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Replicas { get; }

    /// <summary>The one that this process holds, from 0 on.</summary>
    public int Own { get; }

    /// <summary>Where the processes are that hold the other shards.</summary>
    public IEnumerable<string> Others =>
        Replicas.Where((_, shard) => shard != Own).SelectMany(urls => urls);

    public bool IsDivided => Replicas.Count > 1;

    /// <summary>What an image of the index says of itself: another layout cannot use it.</summary>
    public string Name => IsDivided ? $"{Own + 1}/{Replicas.Count}" : "";

    public bool Owns(PostId post) => !IsDivided || ShardOf(post) == Own;

    // Ids of one moment differ in few bits: all of them are mixed (the finalizer of splitmix64).
    private int ShardOf(PostId post)
    {
        var mixed = (ulong)post.Value;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)((mixed ^ (mixed >> 31)) % (ulong)Replicas.Count);
    }
}
