using System.Globalization;
using System.IO.Compression;

namespace Rookery.Load;

/// <summary>An edge list in memory: who follows whom, as the numbers of the file.</summary>
internal sealed class RealGraph
{
    private readonly Dictionary<long, HashSet<long>> _followees = [];

    public long[] Accounts { get; private init; } = [];

    public long Follows { get; private init; }

    /// <summary>Accounts that follow anybody, those who follow the most first.</summary>
    public long[] Readers { get; private init; } = [];

    public static RealGraph Read(string path)
    {
        var followees = new Dictionary<long, HashSet<long>>();
        var accounts = new HashSet<long>();
        using var file = File.OpenRead(path);
        using var text = new StreamReader(
            path.EndsWith(".gz", StringComparison.Ordinal)
                ? new GZipStream(file, CompressionMode.Decompress)
                : file
        );
        while (text.ReadLine() is { } line)
        {
            var numbers = line.Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries);
            var follower = long.Parse(numbers[0], CultureInfo.InvariantCulture);
            var followee = long.Parse(numbers[1], CultureInfo.InvariantCulture);
            accounts.Add(follower);
            accounts.Add(followee);
            if (!followees.TryGetValue(follower, out var list))
            {
                followees.Add(follower, list = []);
            }

            list.Add(followee);
        }

        return new RealGraph(followees)
        {
            Accounts = [.. accounts],
            Follows = followees.Values.Sum(list => (long)list.Count),
            Readers =
            [
                .. followees.OrderByDescending(one => one.Value.Count).Select(one => one.Key),
            ],
        };
    }

    private RealGraph(Dictionary<long, HashSet<long>> followees) => _followees = followees;

    public int FolloweesOf(long account) => _followees[account].Count;

    /// <summary>Those who follow nobody whom <paramref name="account"/> follows, those who follow the most first.</summary>
    public IEnumerable<long> StrangersTo(long account)
    {
        var followees = _followees[account];
        return Readers.Where(other => !_followees[other].Overlaps(followees));
    }
}
