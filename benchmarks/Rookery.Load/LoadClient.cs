using System.Diagnostics;

namespace Rookery.Load;

/// <summary>What the connections ask for. Both are called on the measuring thread, so they only pick from what was made before.</summary>
/// <param name="Next">The next request of a connection; empty: it has none.</param>
/// <param name="Answered">Connection, status, body.</param>
internal sealed record Workload(
    Func<int, ReadOnlyMemory<byte>> Next,
    Action<int, int, ReadOnlyMemory<byte>>? Answered = null
);

/// <summary>Connections to one server, driven by the calling thread.</summary>
internal sealed class LoadClient : IDisposable
{
    private readonly Epoll _list = new();
    private readonly Connection[] _connections;
    private readonly Stack<int> _idle = new();
    private readonly int[] _ready = new int[256];
    private readonly Func<int, int> _groupOf;

    /// <param name="groupOf">Latencies are kept per group of connections.</param>
    public LoadClient(int port, int connections, Func<int, int>? groupOf = null)
    {
        _groupOf = groupOf ?? (static _ => 0);
        _connections = new Connection[connections];
        for (var i = 0; i < connections; i++)
        {
            _connections[i] = new Connection(port, _list, i);
        }
    }

    public int Connections => _connections.Length;

    /// <summary>Every connection asks again as soon as it is answered, for as long as given or until none has anything to ask.</summary>
    public LoadRun RunClosed(Workload work, TimeSpan duration)
    {
        var run = Start(work, duration);
        foreach (var connection in Enumerable.Range(0, Connections))
        {
            Ask(run, connection, Stopwatch.GetTimestamp());
        }

        while (run.Busy > 0)
        {
            Collect(run, TimeSpan.FromSeconds(1), again: true);
        }

        return run.End();
    }

    /// <summary>A request at every tick of a fixed rate, whether or not earlier ones were answered; latency counts from the tick.</summary>
    public LoadRun RunOpen(Workload work, double perSecond, TimeSpan duration)
    {
        var run = Start(work, duration);
        var interval = Stopwatch.Frequency / perSecond;
        var sent = 0L;
        while (true)
        {
            var now = Stopwatch.GetTimestamp();
            var due = run.Since + (long)(sent * interval);
            while (due <= now && due < run.Until && _idle.TryPop(out var connection))
            {
                Ask(run, connection, due);
                due = run.Since + (long)(++sent * interval);
            }

            if (due >= run.Until && run.Busy == 0)
            {
                return run.End();
            }

            // Asleep until something is due: who spins is the first to lose the core to others.
            var pause = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            Collect(run, pause > TimeSpan.Zero ? pause : TimeSpan.Zero, again: false);
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        _list.Dispose();
    }

    private LoadRun Start(Workload work, TimeSpan duration)
    {
        _idle.Clear();
        for (var i = Connections - 1; i >= 0; i--)
        {
            _idle.Push(i);
        }

        return new LoadRun(work, duration, Enumerable.Range(0, Connections).Max(_groupOf) + 1);
    }

    private void Ask(LoadRun run, int connection, long since)
    {
        var request = run.Work.Next(connection);
        if (!request.IsEmpty)
        {
            run.Busy++;
            _connections[connection].Send(request, since);
        }
    }

    private void Collect(LoadRun run, TimeSpan longest, bool again)
    {
        var count = _list.Wait(_ready, longest);
        for (var i = 0; i < count; i++)
        {
            var connection = _connections[_ready[i]];
            if (!connection.Receive())
            {
                continue;
            }

            var now = Stopwatch.GetTimestamp();
            run.Busy--;
            run.Groups[_groupOf(_ready[i])]
                .Add(now - connection.Since, connection.Status >= 300, connection.Bytes);
            run.Work.Answered?.Invoke(_ready[i], connection.Status, connection.Body);
            if (!again)
            {
                _idle.Push(_ready[i]);
            }
            else if (now < run.Until)
            {
                Ask(run, _ready[i], Stopwatch.GetTimestamp());
            }
        }
    }
}

/// <summary>One measured stretch.</summary>
internal sealed class LoadRun(Workload work, TimeSpan duration, int groups)
{
    public Workload Work { get; } = work;

    public long Since { get; } = Stopwatch.GetTimestamp();

    public long Until => Since + (long)(duration.TotalSeconds * Stopwatch.Frequency);

    public int Busy { get; set; }

    public Latencies[] Groups { get; } =
    [.. Enumerable.Range(0, groups).Select(_ => new Latencies())];

    public Latencies All => Groups[0];

    public double Seconds { get; private set; }

    public int Errors => Groups.Sum(group => group.Errors);

    public double PerSecond(int group = 0) => Groups[group].Count / Seconds;

    public LoadRun End()
    {
        Seconds = Stopwatch.GetElapsedTime(Since).TotalSeconds;
        return this;
    }
}
