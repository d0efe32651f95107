using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Rookery.Adapters.Logs;

/// <summary>
/// Brings lines to one server, in the background and in order. Whoever logs never waits: where so many lines wait already that the bound is met, a
/// line is dropped and counted.
/// </summary>
internal sealed partial class LogShipper : IAsyncDisposable
{
    private const int MostOfBatch = 256;

    /// <summary>As long as a process that ends waits for its last lines.</summary>
    private static readonly TimeSpan Flush = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>How soon it is looked again whether what was sent has arrived.</summary>
    private static readonly TimeSpan NextLook = TimeSpan.FromSeconds(1);

    private readonly ILogServer _server;
    private readonly int _bound;
    private readonly TimeProvider _time;
    private readonly Channel<LogLine> _queue = Channel.CreateUnbounded<LogLine>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private readonly List<LogLine> _batch = [];
    private readonly CancellationTokenSource _hurry = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;
    private ILogger _console = NullLogger.Instance;
    private Task<bool>? _more;
    private bool _isThere = true;
    private bool _isRefused;
    private long? _awaySince;
    private int _waiting;
    private long _dropped;

    /// <param name="console">Asked once, by the loop: what the operator is told of the server itself.</param>
    public LogShipper(ILogServer server, int bound, TimeProvider time, Func<ILogger> console)
    {
        _server = server;
        _bound = bound;
        _time = time;
        _loop = Task.Run(() => RunAsync(console));
    }

    public bool IsFull => Volatile.Read(ref _waiting) >= _bound;

    public void Drop() => Interlocked.Increment(ref _dropped);

    /// <summary>Takes the line, or drops it. Never waits.</summary>
    /// <param name="always">For the few lines that tell of the server itself: when they come up, the queue is full.</param>
    public void Offer(LogLine line, bool always = false)
    {
        if (
            (Interlocked.Increment(ref _waiting) > _bound && !always)
            || !_queue.Writer.TryWrite(line)
        )
        {
            Interlocked.Decrement(ref _waiting);
            Drop();
        }
    }

    /// <summary>Takes no more, and sends what waits, for two seconds at most.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete())
        {
            return;
        }

        await _hurry.CancelAsync();
        await Task.WhenAny(_loop, Task.Delay(Flush, _time, CancellationToken.None));
        await _end.CancelAsync();
        await _loop;
        _server.Dispose();
        _hurry.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync(Func<ILogger> console)
    {
        try
        {
            _console = console();
            while (await HasMoreAsync())
            {
                await DeliverAsync();
            }

            await _server.CloseAsync(_end.Token);
        }
#pragma warning disable CA1031 // The loop's edge: the process ends, or there is no way on without its log server.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (!_end.IsCancellationRequested)
            {
                GaveUp(_console, fault, _server.Name);
            }
        }

        if (Volatile.Read(ref _waiting) is > 0 and var left)
        {
            LeftBehind(_console, _server.Name, left);
        }
    }

    /// <summary>False when nothing waits and nothing will come. Wakes also to see to what is still on the way.</summary>
    private async ValueTask<bool> HasMoreAsync()
    {
        _more ??= _queue.Reader.WaitToReadAsync(_end.Token).AsTask();
        if (!_isThere && !_more.IsCompleted)
        {
            await Task.WhenAny(_more, Task.Delay(NextLook, _time, _end.Token));
            if (!_more.IsCompleted)
            {
                return true;
            }
        }

        var more = await _more;
        _more = null;
        return more;
    }

    private async Task DeliverAsync()
    {
        while (_batch.Count < MostOfBatch && _queue.Reader.TryRead(out var line))
        {
            _batch.Add(line);
        }

        _server.Take(_batch);
        var sent = await SendAsync();
        Interlocked.Add(ref _waiting, -_batch.Count);
        _isThere = sent.IsThere;
        Account(sent.Refusal);
        _batch.Clear();
    }

    /// <summary>Sends until the server has it, however long it is away.</summary>
    private async Task<Sent> SendAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await _server.SendAsync(_end.Token);
            }
#pragma warning disable CA1031 // The loop's edge: whatever keeps a line from its server, it is tried again.
            catch (Exception fault) when (!_end.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (_awaySince is null)
                {
                    _awaySince = _time.GetTimestamp();
                    Away(_console, _server.Name, fault.Message);
                }

                await WaitAsync(attempt);
            }
        }
    }

    /// <summary>Twice as long each time; a process that ends tries at once, and then often.</summary>
    private async Task WaitAsync(int attempt)
    {
        var longest = _hurry.IsCancellationRequested
            ? ShortestWait
            : ShortestWait * Math.Pow(2, Math.Min(attempt, 10));
        longest = longest < LongestWait ? longest : LongestWait;
        // Not all processes at the same moment.
        var wait = longest * (RandomNumberGenerator.GetInt32(50, 101) / 100.0);
        var stop = _hurry.IsCancellationRequested ? _end.Token : _hurry.Token;
        await Task.WhenAny(Task.Delay(wait, _time, stop));
        _end.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Says once what came of an absence, a refusal, or a server that was too slow.</summary>
    private void Account(string? refusal)
    {
        if (refusal is not null)
        {
            Interlocked.Add(ref _dropped, _batch.Count);
            if (!_isRefused)
            {
                _isRefused = true;
                Refused(_console, _server.Name, refusal);
            }

            return;
        }

        _isRefused = false;
        if (_awaySince is { } since)
        {
            _awaySince = null;
            var seconds = Math.Round(_time.GetElapsedTime(since).TotalSeconds, 1);
            Back(_console, _server.Name, seconds, Interlocked.Exchange(ref _dropped, 0));
        }
        else if (Volatile.Read(ref _dropped) > 0 && Volatile.Read(ref _waiting) <= _bound / 2)
        {
            Dropped(_console, _server.Name, Interlocked.Exchange(ref _dropped, 0));
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "{Server} cannot be reached and is tried again; log lines wait: {Reason}"
    )]
    private static partial void Away(ILogger logger, string server, string reason);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "{Server} is back after {Seconds} s; {Dropped} log lines were dropped"
    )]
    private static partial void Back(ILogger logger, string server, double seconds, long dropped);

    [LoggerMessage(3, LogLevel.Warning, "{Server} is slow; {Dropped} log lines were dropped")]
    private static partial void Dropped(ILogger logger, string server, long dropped);

    [LoggerMessage(
        4,
        LogLevel.Error,
        "{Server} refuses log lines, which are dropped and counted: {Reason}"
    )]
    private static partial void Refused(ILogger logger, string server, string reason);

    [LoggerMessage(5, LogLevel.Warning, "{Server} did not get the last {Lines} log lines")]
    private static partial void LeftBehind(ILogger logger, string server, int lines);

    [LoggerMessage(6, LogLevel.Error, "{Server} gets no more log lines from this process")]
    private static partial void GaveUp(ILogger logger, Exception fault, string server);
}
