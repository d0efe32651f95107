using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>
/// People who post through a fault, each post under a key that is repeated until it is answered, and one reader who follows them all.
/// What they were answered is the record that the servers are held to.
/// </summary>
internal sealed class AcknowledgedPosts
{
    /// <summary>Less would prove little.</summary>
    private const int Least = 1_000;

    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<PostId, string> _acknowledged = new();
    private readonly List<ClassicClient> _authors = [];
    private readonly ClassicClient _reader;
    private readonly TimeSpan _pause;
    private readonly Lock _clock = new();
    private long _last = Stopwatch.GetTimestamp();
    private TimeSpan _longestGap;
    private int _refused;
    private int _read;
    private int _unread;
    private int _forbidden;

    private AcknowledgedPosts(ClassicClient reader, TimeSpan pause) =>
        (_reader, _pause) = (reader, pause);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public int Count => _acknowledged.Count;

    /// <summary>Requests that got no answer, or one that says to come again.</summary>
    public int Refused => _refused;

    /// <summary>Pages that were not answered, or with a word to come again.</summary>
    public int Unread => _unread;

    /// <param name="name">What tells these people from others on the same server.</param>
    /// <param name="pause">Between two posts of one of them.</param>
    public static async Task<AcknowledgedPosts> OfAsync(
        HttpClient server,
        int authors,
        string name = "",
        TimeSpan pause = default
    )
    {
        var record = new AcknowledgedPosts(
            await ClassicClient.SignUpAsync(server, $"reader{name}", Stop),
            pause
        );
        for (var i = 0; i < authors; i++)
        {
            var author = await ClassicClient.SignUpAsync(server, $"author{name}_{i:00}", Stop);
            record._authors.Add(author);
            (await record._reader.RelateAsync("follow", author.Id, Stop)).Require(200);
        }

        return record;
    }

    /// <summary>Posts until the fault is over and enough was acknowledged during and after it.</summary>
    public async Task DuringAsync(Func<Task> fault, string name, int processId)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        _last = Stopwatch.GetTimestamp();
        var writing = Task.WhenAll(
            _authors.Select((author, i) => PostManyAsync(author, i, enough.Token))
        );
        var reading = ReadManyAsync(enough.Token);
        await ReachAsync(200);
        await fault();
        await ReachAsync(Math.Max(Least, Count + 200));
        await enough.CancelAsync();
        await writing;
        await reading;
        var (lost, doubled) = await CompareAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{name}: pid {processId}, {Count} acknowledged, {_refused} refused and repeated, {_read} pages read, {_unread} not answered, {lost} lost, {doubled} doubled, {_forbidden} forbidden, {_longestGap.TotalSeconds:F1} s to recover"
        );
        Assert.Equal((0, 0, 0), (lost, doubled, _forbidden));
        Assert.InRange(_longestGap, TimeSpan.Zero, LongestGap);
    }

    private Task ReachAsync(int count) =>
        Wait.UntilAsync(
            () => Task.FromResult(Count >= count),
            () => $"{count} posts are acknowledged ({Count} are, {_refused} were refused)",
            Stop
        );

    private async Task PostManyAsync(ClassicClient author, int number, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            var text = $"{number}/{i}";
            while (!await TryPostAsync(author, text))
            {
                Interlocked.Increment(ref _refused);
            }

            await PauseAsync(_pause);
        }
    }

    /// <summary>The reader looks at what each role shows.</summary>
    private async Task ReadManyAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            Note(
                await TryReadAsync(async () =>
                    (await _reader.TryHomeAsync(new Page(20), Stop)) is not null
                )
            );
            Note(
                await TryReadAsync(async () =>
                    Answered(await _reader.UserAsync(_authors[0].Id, Stop))
                )
            );
            Note(
                await TryReadAsync(async () =>
                    Answered(await _reader.RelationshipsAsync(_authors[0].Id, Stop))
                )
            );
            Note(
                await TryReadAsync(async () => Answered(await _reader.SearchAsync("nothing", Stop)))
            );
            await PauseAsync(TimeSpan.FromMilliseconds(20));
        }

        void Note(bool answered)
        {
            _read++;
            _unread += answered ? 0 : 1;
        }
    }

    private static Task PauseAsync(TimeSpan pause) =>
        Task.Delay(pause, TimeProvider.System, CancellationToken.None);

    private static bool Answered(Answer answer)
    {
        Assert.Contains(answer.Status, (int[])[200, 502, 503, 504]);
        return answer.Status == 200;
    }

    private static async Task<bool> TryReadAsync(Func<Task<bool>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception fault)
            when (fault is HttpRequestException or IOException or SocketException)
        {
            return false;
        }
    }

    private async Task<bool> TryPostAsync(ClassicClient author, string text)
    {
        try
        {
            var answer = await author.PostAsync(text, Stop, key: $"key of {text}");
            if (answer.Status != 201)
            {
                // The first two are a balancer's, whose server ended over the request or was silent.
                Assert.Contains(answer.Status, (int[])[502, 504, 503]);
                return false;
            }

            Note(new PostId(answer.Id("tweet_id")), text);
            return true;
        }
        catch (Exception fault)
            when (fault is HttpRequestException or IOException or SocketException)
        {
            return false;
        }
    }

    private void Note(PostId post, string text)
    {
        // A post that stands for two texts would be one that was doubled.
        Assert.True(_acknowledged.TryAdd(post, text), $"{post} was answered twice");
        lock (_clock)
        {
            var now = Stopwatch.GetTimestamp();
            var gap = Stopwatch.GetElapsedTime(_last, now);
            _longestGap = gap > _longestGap ? gap : _longestGap;
            _last = now;
        }
    }

    /// <summary>Home, page by page to its end: every acknowledged post once, and no text twice.</summary>
    private async Task<(int Lost, int Doubled)> CompareAsync()
    {
        var lost = 0;
        List<Entry> home = [];
        await Wait.UntilAsync(
            async () =>
            {
                home = await WholeHomeAsync();
                lost = _acknowledged.Keys.Except(home.Select(entry => entry.Id)).Count();
                return lost == 0;
            },
            () => $"everything acknowledged is on the home timeline ({lost} are not)",
            Stop
        );
        var followed = _authors.Select(author => author.Id).ToHashSet();
        _forbidden = home.Count(entry => !followed.Contains(entry.Author));
        return (lost, home.Count - home.Select(entry => entry.Text).Distinct().Count());
    }

    private async Task<List<Entry>> WholeHomeAsync()
    {
        var all = new List<Entry>();
        while (
            await _reader.TryHomeAsync(
                new Page(Page.MaxCount, MaxId: all.Count == 0 ? null : all[^1].Id),
                Stop
            )
                is { Count: > 0 } page
        )
        {
            all.AddRange(page);
        }

        return all;
    }
}
