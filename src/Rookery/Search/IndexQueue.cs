using System.Threading.Channels;

namespace Rookery.Search;

/// <summary>What happened and is not in the index yet, and who waits until it is. Anybody puts in; one loop takes out.</summary>
internal sealed class IndexQueue(SearchIndex index, int most, TimeProvider time)
{
    /// <summary>Taken at once.</summary>
    public const int Batch = 500;

    /// <summary>Who searches sees what was posted a moment before; behind a long queue nobody waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly Channel<Happening> _happened = Channel.CreateBounded<Happening>(
        new BoundedChannelOptions(most) { SingleReader = true }
    );

    // What was taken and is not in the index yet, and who waits for what was taken before; the loop's alone.
    private readonly List<Happening> _taken = [];
    private readonly List<TaskCompletionSource> _marks = [];

    private long _told;
    private long _applied;
    private TaskCompletionSource _advanced = NewMark();

    /// <summary>Events so far.</summary>
    public long Told => Interlocked.Read(ref _told);

    public int Waiting => _taken.Count + _happened.Reader.Count;

    /// <summary>Of what was taken.</summary>
    public IReadOnlyList<DomainEvent> Events =>
        [.. _taken.Select(one => one.Event).OfType<DomainEvent>()];

    /// <summary>Of what was taken.</summary>
    public IReadOnlyList<AccountsNow> Accounts =>
        [.. _taken.Select(one => one.Accounts).OfType<AccountsNow>()];

    /// <summary>False where more waits than may: it is missed.</summary>
    public bool TryPut(DomainEvent happened)
    {
        if (!_happened.Writer.TryWrite(new Happening { Event = happened }))
        {
            return false;
        }

        Interlocked.Increment(ref _told);
        return true;
    }

    /// <summary>Where there is no room for it, the loop has enough to do.</summary>
    public void Wake() => _happened.Writer.TryWrite(default);

    public ValueTask PutAsync(AccountsNow accounts, CancellationToken token) =>
        _happened.Writer.WriteAsync(new Happening { Accounts = accounts }, token);

    /// <summary>Completes when everything that was put in before the call can be found.</summary>
    public async Task CaughtUpAsync(CancellationToken token)
    {
        var reached = NewMark();
        var mark = new Happening { Reached = reached };
        while (!_happened.Writer.TryWrite(mark))
        {
            if (!await _happened.Writer.WaitToWriteAsync(token))
            {
                throw HasEnded();
            }
        }

        await reached.Task.WaitAsync(token);
    }

    /// <summary>As <see cref="CaughtUpAsync"/>, or when that takes longer than a searcher should wait. Many may wait: nothing is queued for any of them.</summary>
    public ValueTask NearlyCaughtUpAsync(CancellationToken token) =>
        IsFoundThrough(Told) ? ValueTask.CompletedTask : NearlyCaughtUpAsync(Told, token);

    /// <summary>False once the queue has ended.</summary>
    public ValueTask<bool> AwaitAsync(CancellationToken token) =>
        _taken.Count > 0 ? ValueTask.FromResult(true) : _happened.Reader.WaitToReadAsync(token);

    public void Take()
    {
        while (_taken.Count < Batch && _happened.Reader.TryRead(out var happened))
        {
            _taken.Add(happened);
        }
    }

    /// <summary>What was taken is applied, or is read with everything else.</summary>
    public void Leave()
    {
        Interlocked.Add(ref _applied, _taken.Count(one => one.Event is not null));
        _marks.AddRange(_taken.Select(one => one.Reached).OfType<TaskCompletionSource>());
        _taken.Clear();
    }

    /// <summary>Tells who waits.</summary>
    /// <param name="isCurrent">Nothing was missed that is not made up for: a mark that was set after something had been missed waits until then.</param>
    public void Advance(bool isCurrent)
    {
        if (isCurrent)
        {
            _marks.ForEach(mark => mark.TrySetResult());
            _marks.Clear();
        }

        Interlocked.Exchange(ref _advanced, NewMark()).TrySetResult();
    }

    /// <summary>Nobody takes any more: who waits to be caught up with, now or later, is told so.</summary>
    public void End()
    {
        _happened.Writer.TryComplete();
        for (Take(); _taken.Count > 0; Take())
        {
            Leave();
        }

        _marks.ForEach(mark => mark.TrySetException(HasEnded()));
    }

    private async ValueTask NearlyCaughtUpAsync(long told, CancellationToken token)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            // Asked for before it is looked whether it is still needed.
            var advanced = Volatile.Read(ref _advanced).Task;
            var left = Patience - time.GetElapsedTime(since);
            if (IsFoundThrough(told) || left <= TimeSpan.Zero || token.IsCancellationRequested)
            {
                return;
            }

            await advanced
                .WaitAsync(left, time, token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsFoundThrough(long told) =>
        index.IsBuilt && Interlocked.Read(ref _applied) >= told;

    private static StoreUnavailableException HasEnded() =>
        new("The search index is followed no more: the server stops.");

    private static TaskCompletionSource NewMark() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An event; or what was read of accounts; or a mark that somebody waits for; or nothing, to wake the loop.</summary>
    private readonly record struct Happening
    {
        public DomainEvent? Event { get; init; }

        public AccountsNow? Accounts { get; init; }

        public TaskCompletionSource? Reached { get; init; }
    }
}
