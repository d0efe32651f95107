using System.Diagnostics;
using Rookery.SystemTests.Commands;
using Rookery.TestKit;

namespace Rookery.SystemTests.Crashes;

/// <summary>What a run of crashes was.</summary>
internal sealed record CrashReport(
    int Kills,
    int KillsWithUnanswered,
    int Unanswered,
    int Acknowledged,
    int Posts,
    int FullChecks,
    TimeSpan Took
);

/// <summary>
/// One folder, one server process after the other, each killed while many write, and every third again while it starts. After each start: what was acknowledged stands once, what was
/// not stands at most once. From time to time: every home timeline and every counter.
/// </summary>
internal sealed class CrashRun : IAsyncDisposable
{
    // No l: as the last letter of a name it looks like i.
    private const string Letters = "abcdefghijkmnopqrstuvwxyz";
    private const int Writers = 24;
    private const int LivesPerFullCheck = 8;
    private static readonly TimeSpan EarliestKill = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LatestKill = TimeSpan.FromMilliseconds(500);

    /// <summary>A start takes about that long: the kill may come before the database is open, while it is mended, or when all is there.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromMilliseconds(1200);

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random;
    private readonly Dictionary<string, string> _environment;
    private readonly CrashLog _log = new();
    private readonly List<CrashWriter> _writers = [];
    private readonly bool _isCurrent;
    private ServerProcess? _server;

    private CrashRun(int seed, IReadOnlyDictionary<string, string> settings)
    {
        _random = new Random(seed);
        _isCurrent = !settings.ContainsKey("Timelines:MergeAtReadAbove");
        _environment = World
            .FastSettings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value!))
            .Concat(settings)
            .ToDictionary(setting => setting.Key.Replace(":", "__"), setting => setting.Value);
    }

    public static async Task<CrashReport> PlayAsync(
        int seed,
        int kills,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken stop
    )
    {
        await using var run = new CrashRun(seed, settings);
        return await run.PlayAsync(kills, stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task<CrashReport> PlayAsync(int kills, CancellationToken stop)
    {
        var (started, withUnanswered, unanswered, fullChecks) = (Stopwatch.GetTimestamp(), 0, 0, 0);
        await StartAsync(stop);
        await SignUpAsync(stop);
        for (var (kill, life) = (1, 1); kill <= kills; kill++, life++)
        {
            await WriteAndKillAsync(stop);
            var open = _writers.Count(writer => writer.IsUnanswered);
            withUnanswered += open > 0 ? 1 : 0;
            unanswered += open;
            if (kill < kills && _random.Next(3) == 0)
            {
                await KillWhileItStartsAsync(stop);
                kill++;
            }

            await StartAsync(stop);
            var check = new CrashChecks(_folder.Path, _log, _writers, stop);
            await check.AfterStartAsync(_random);
            if (life % LivesPerFullCheck == 0 || kill == kills)
            {
                await check.EverythingAsync(_server!);
                fullChecks++;
            }
        }

        await VerifyAsync();
        return new CrashReport(
            kills,
            withUnanswered,
            unanswered,
            _writers.Sum(writer => writer.Acknowledged),
            _log.Posts.Count,
            fullChecks,
            Stopwatch.GetElapsedTime(started)
        );
    }

    private async Task VerifyAsync()
    {
        var verified = await CommandProcess.RunInAsync(
            _environment,
            "verify",
            "--data",
            _folder.Path
        );
        Promise.Keep(verified.Exit == 0, Promise.VerifyFindsNothing, verified.ToString);
    }

    private async Task StartAsync(CancellationToken stop)
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _server = await ServerProcess.StartAsync(_folder.Path, stop, _environment);
        foreach (var writer in _writers)
        {
            writer.MoveTo(_server.Http);
        }

        await Task.WhenAll(_writers.Select(writer => writer.RetryAsync(stop)));
    }

    /// <summary>What the kill before left is then half mended, or not at all.</summary>
    private async Task KillWhileItStartsAsync(CancellationToken stop)
    {
        await _server!.DisposeAsync();
        _server = null;
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        killed.CancelAfter(_random.NextDouble() * LongestStart);
        try
        {
            _server = await ServerProcess.StartAsync(_folder.Path, killed.Token, _environment);
            await _server.KillAsync();
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Cancelled, the start has killed what it began.
        }
    }

    /// <summary>Everybody follows a third of the others to begin with.</summary>
    private async Task SignUpAsync(CancellationToken stop)
    {
        for (var i = 0; i < Writers; i++)
        {
            var client = await ClassicClient.SignUpAsync(
                _server!.Http,
                $"writer_{Letters[i]}",
                stop
            );
            _writers.Add(new CrashWriter(client, _log, _random.Next(), _isCurrent));
        }

        foreach (var writer in _writers)
        {
            writer.Others.AddRange(_writers.Select(other => other.Id).Where(id => id != writer.Id));
            foreach (var other in writer.Others.Where(_ => _random.Next(3) == 0))
            {
                (await writer.Client.RelateAsync("follow", other, stop)).Require(200);
                writer.Follows.Add(other);
            }
        }
    }

    private async Task WriteAndKillAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var writing = Task.WhenAll(_writers.Select(writer => writer.WriteAsync(stop)));
        var life = EarliestKill + (_random.NextDouble() * (LatestKill - EarliestKill));
        using var moment = new PeriodicTimer(life);
        await Task.WhenAny(moment.WaitForNextTickAsync(stop).AsTask(), writing);
        await _server!.KillAsync();
        await writing;
    }
}
