using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using Rookery.Posts;
using Rookery.Search;

namespace Rookery.Benchmarks;

/// <summary>Terms of short posts: in plain English, as they really are (tags, names, links, some emoji), and in scripts beyond ASCII.</summary>
[MemoryDiagnoser]
public class AnalyzePosts
{
    private const int Posts = 4_096;

    private static readonly string[] Words =
        "the and of to is in that it for you was with on are have this not be at but from they we my what so just all like can cats movies weather running city coffee morning people really nothing holiday music game train finished tomorrow weekend book friends garden windows kitchen keyboard server release problem".Split(
            ' '
        );

    private static readonly string[] Extras =
        "#Caturday @alice_m https://example.org/news/2026/01/some-story?id=123 don't 👍 café #BlackCats it's".Split(
            ' '
        );

    private static readonly string[] Foreign =
        "Сегодня очень жарко в городе и мы идём гулять|今日は東京がとても暑いので家で本を読みます|Aujourd'hui il fait très chaud, même à l'ombre des arbres|오늘은 너무 더워서 집에서 책을 읽어요|الطقس حار جدا في المدينة اليوم|วันนี้อากาศร้อนมากเลยอยู่บ้านอ่านหนังสือ|Heute ist es sehr heiß, wir gehen später schwimmen|आज शहर में बहुत गर्मी है".Split(
            '|'
        );

    private readonly PostAnalyzer _analyzer = new();
    private string[] _texts = [];
    private int _next;

    [Params("plain", "mixed", "foreign")]
    public string Kind { get; set; } = "plain";

    /// <summary>Posts per second of processor time, without the many rounds of a full benchmark.</summary>
    public static void Quick()
    {
        foreach (var kind in (string[])["plain", "mixed", "foreign"])
        {
            var bench = new AnalyzePosts { Kind = kind };
            bench.Fill();
            bench.Report();
        }
    }

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        _texts = new string[Posts];
        foreach (ref var text in _texts.AsSpan())
        {
            text =
                Kind == "foreign" ? Foreign[random.Next(Foreign.Length)]
                : Kind == "mixed" ? English(random) + " " + Extras[random.Next(Extras.Length)]
                : English(random);
        }
    }

    /// <summary>The number of terms.</summary>
    [Benchmark]
    public int Analyze()
    {
        var sink = new Count();
        _analyzer.Analyze(
            new SearchablePost
            {
                Id = new PostId(1L << 50),
                Author = new AccountId(1L << 49),
                Visibility = Visibility.Public,
                Text = _texts[_next++ & (Posts - 1)],
            },
            ref sink
        );
        return sink.Terms;
    }

    /// <summary>The length of the text in which phrases are looked for.</summary>
    [Benchmark]
    public int Fold() => _analyzer.Fold(_texts[_next++ & (Posts - 1)]).Length;

    private static string English(Random random) =>
        string.Join(
            ' ',
            Enumerable.Range(0, random.Next(6, 18)).Select(_ => Words[random.Next(Words.Length)])
        ) + ".";

    private void Report()
    {
        Run(Analyze, TimeSpan.FromSeconds(1));
        Run(Fold, TimeSpan.FromSeconds(0.5));
        var analyze = Enumerable.Range(0, 3).Min(_ => Run(Analyze, TimeSpan.FromSeconds(0.7)));
        var fold = Enumerable.Range(0, 3).Min(_ => Run(Fold, TimeSpan.FromSeconds(0.5)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var terms = 0L;
        for (var i = 0; i < Posts; i++)
        {
            terms += Analyze();
        }

        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Posts;
        var units = _texts.Average(text => text.Length);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Kind, -8} {units, 5:F0} units  {terms / (double)Posts, 5:F1} terms  {1 / analyze, 10:N0} posts/cpu-s  {units / analyze / 1e6, 5:F0} M units/s  fold {1 / fold, 10:N0}/cpu-s  {allocated} B"
            )
        );
    }

    // By processor time: the machine may be busy with other work.
    private static double Run(Func<int> operation, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        var before = ThreadTime.Now;
        var rounds = 0L;
        for (; clock.Elapsed < duration; rounds += 256)
        {
            for (var i = 0; i < 256; i++)
            {
                operation();
            }
        }

        return (ThreadTime.Now - before).TotalSeconds / rounds;
    }

    private struct Count : ITermSink
    {
        public int Terms { get; private set; }

        public void Add(TermKind kind, ReadOnlySpan<byte> term) => Terms++;
    }
}
