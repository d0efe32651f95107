using System.Diagnostics;
using System.Globalization;
using Rookery.Search;
using Rookery.Search.Index;

namespace Rookery.Benchmarks;

/// <summary>
/// The search index over synthetic posts: how fast it takes them, what they cost in memory, and how fast it finds a page of 20. All of it on one
/// thread, merges included, by that thread's processor time; latencies by the clock.
/// </summary>
public static class SearchIndex
{
    private const int Batch = 20_000;
    private const int QueriesOfAKind = 512;
    private static readonly Page _first = new(20);

    private static readonly TimeSpan _perKind = TimeSpan.FromSeconds(1);

    private sealed record Kind(string Name, Func<Random, SearchNode> Make);

    private static readonly Kind[] _kinds =
    [
        new("one frequent word", random => Frequent(random)),
        new("two frequent words", random => All(Frequent(random), Frequent(random))),
        new(
            "two frequent words, public",
            random => All(Frequent(random), Frequent(random), Public())
        ),
        new("frequent and rare", random => All(Frequent(random), Rare(random))),
        new("rare and rare", random => All(Rare(random), Rare(random))),
        new("one rare word", random => Rare(random)),
        new("frequent or rare", random => new SearchNode.Any([Frequent(random), Rare(random)])),
        new(
            "frequent without frequent",
            random => All(Frequent(random), new SearchNode.Not(Frequent(random)))
        ),
        new("prefix of three letters", random => PrefixOf(random, 3)),
        new("frequent and prefix", random => All(Frequent(random), PrefixOf(random, 3))),
        new("prefix of two letters", random => PrefixOf(random, 2)),
        new("frequent and short prefix", random => All(Frequent(random), PrefixOf(random, 2))),
    ];

    public static void Quick(int posts)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var index = Fill(posts);
        foreach (var kind in _kinds)
        {
            Measure(index, kind);
        }
    }

    private static PostIndex Fill(int posts)
    {
        var index = new PostIndex(new IndexLimits());
        var source = new SyntheticPosts(1);
        var batch = Enumerable.Range(0, Batch).Select(_ => new PostTerms()).ToArray();
        var adding = TimeSpan.Zero;
        var merging = TimeSpan.Zero;
        for (var added = 0; added < posts; added += Batch)
        {
            foreach (var terms in batch)
            {
                source.Write(terms);
            }

            var start = ThreadTime.Now;
            foreach (var terms in batch)
            {
                index.Add(source.NextId(), source.NextAuthor(), terms);
            }

            var middle = ThreadTime.Now;
            while (index.Merge()) { }
            adding += middle - start;
            merging += ThreadTime.Now - middle;
        }

        var size = index.Measure();
        Print(
            $"{size.Posts:N0} posts: {size.Posts / (adding + merging).TotalSeconds:N0} posts/cpu-s ({size.Posts / adding.TotalSeconds:N0} without merges), "
                + $"{(double)size.Bytes / size.Posts:N1} B/post, {size.Segments} sealed segments, working set {Environment.WorkingSet >> 20} MiB"
        );
        return index;
    }

    private static void Measure(PostIndex index, Kind kind)
    {
        var random = new Random(2);
        var queries = Enumerable.Range(0, QueriesOfAKind).Select(_ => kind.Make(random)).ToArray();
        var (found, cut) = (0L, 0L);
        foreach (var query in queries)
        {
            var answer = index.Search(query, _first);
            found += answer.Ids.Count;
            cut += answer.Rest is null ? 0 : 1;
        }

        var latencies = new List<double>();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var (start, clock) = (ThreadTime.Now, Stopwatch.StartNew());
        while (clock.Elapsed < _perKind)
        {
            foreach (var query in queries)
            {
                var before = Stopwatch.GetTimestamp();
                index.Search(query, _first);
                latencies.Add(Stopwatch.GetElapsedTime(before).TotalMicroseconds);
            }
        }

        var seconds = (ThreadTime.Now - start).TotalSeconds;
        allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / latencies.Count;
        latencies.Sort();
        Print(
            $"{kind.Name, -28} {latencies.Count / seconds, 10:N0} queries/cpu-s  p50 {At(0.5), 8:N1} us  p99 {At(0.99), 8:N1} us  "
                + $"{(double)found / queries.Length, 5:N1} found  {cut} cut  {allocated} B"
        );

        double At(double part) => latencies[(int)(latencies.Count * part)];
    }

    private static SearchNode.All All(params SearchNode[] nodes) => new(nodes);

    // In about one post of fifteen to one of a hundred.
    private static SearchNode.Term Frequent(Random random) =>
        SyntheticPosts.Word(random.Next(8, 60));

    // In one of some ten thousands.
    private static SearchNode.Term Rare(Random random) =>
        SyntheticPosts.Word(random.Next(20_000, 50_000));

    private static SearchNode.Term Public() =>
        new(TermKind.Flag, new Utf8Term("public"u8.ToArray()));

    // Of three letters: some thirty words, together in about one post of five thousand. Of two: some seven hundred, in one of a hundred.
    private static SearchNode.Prefix PrefixOf(Random random, int letters) =>
        new(
            TermKind.Word,
            new Utf8Term(
                System.Text.Encoding.UTF8.GetBytes(
                    SyntheticPosts.WordOf(random.Next(1_000, SyntheticPosts.Vocabulary))[..letters]
                )
            )
        );

    private static void Print(string line) => Console.WriteLine(line);
}
