using System.Threading.Channels;

namespace Rookery.Live;

/// <summary>Why a stream ends.</summary>
internal enum LiveEnd
{
    None,

    /// <summary>Its reader has gone.</summary>
    Gone,

    /// <summary>Its reader takes less than there is.</summary>
    Slow,

    /// <summary>The server stops.</summary>
    Stopping,

    /// <summary>This process does not know what it was not told of.</summary>
    Lost,

    /// <summary>The token is nobody's any longer.</summary>
    Token,

    /// <summary>What is needed to go on cannot be read.</summary>
    Unavailable,

    /// <summary>Its reader sends what nobody has to read.</summary>
    Refused,
}

/// <summary>
/// One open stream: what waits for its reader, in order, each event once, however many of its subscriptions it concerns. What waits is bounded; one event more ends it.
/// </summary>
internal sealed class LiveStream
{
    private readonly Channel<LiveEvent> _waiting;
    private readonly Action _cut;
    private LiveSubscription[] _subscriptions = [];
    private int _turn;
    private int _end;
    private bool _isSending;

    /// <param name="start">It is told of what comes after it.</param>
    /// <param name="cut">Ends the connection, where nothing can be said any more.</param>
    public LiveStream(
        AccountId? viewer,
        RateKey caller,
        LivePosition start,
        int mostWaiting,
        Action cut
    )
    {
        (Viewer, Caller, Start, _cut) = (viewer, caller, start, cut);
        _waiting = Channel.CreateBounded<LiveEvent>(
            new BoundedChannelOptions(mostWaiting) { SingleReader = true }
        );
    }

    public AccountId? Viewer { get; }

    /// <summary>Whose streams it is counted among.</summary>
    public RateKey Caller { get; }

    public LivePosition Start { get; }

    /// <summary>Which one of all that were opened.</summary>
    public int Number { get; init; }

    public LiveEnd End => (LiveEnd)Volatile.Read(ref _end);

    /// <summary>As they are now.</summary>
    public IReadOnlyList<LiveSubscription> Subscriptions => Volatile.Read(ref _subscriptions);

    /// <summary>From one thread at a time, as <see cref="Drop"/> and <see cref="Offer"/>.</summary>
    public void Add(LiveSubscription one) =>
        Volatile.Write(ref _subscriptions, [.. _subscriptions, one]);

    public void Drop(LiveSubscription one) =>
        Volatile.Write(ref _subscriptions, [.. _subscriptions.Where(other => other != one)]);

    public bool Has(LiveTopic topic)
    {
        foreach (var subscription in Volatile.Read(ref _subscriptions))
        {
            if (subscription.Topic == topic)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One of its subscriptions tells of its viewer's notifications.</summary>
    public bool HasNotifications()
    {
        foreach (var subscription in Volatile.Read(ref _subscriptions))
        {
            if (subscription.HasNotifications)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where an event concerns several of its subscriptions it is offered several times in one turn, and taken once.</summary>
    /// <param name="turn">Another for each event.</param>
    public void Offer(LiveEvent happened, int turn)
    {
        if (turn == _turn)
        {
            return;
        }

        _turn = turn;
        var isOld = happened.Kind switch
        {
            LiveKind.Update => happened.Post <= Start.Post,
            LiveKind.Delete => happened.At.Sequence <= Start.Sequence,
            LiveKind.Notified => happened.At.Notification <= Start.Notification,
            LiveKind.Thump => happened.At.Or(Start) != happened.At,
            _ => false,
        };
        if (!isOld)
        {
            Put(happened);
        }
    }

    /// <summary>From any thread: what its reader asked for is not to be had.</summary>
    public void Refuse(Problem refusal) =>
        Put(new LiveEvent(LiveKind.Refused, Start) { Refusal = refusal });

    /// <summary>What waits is not sent any more. The first reason stands.</summary>
    public void EndFor(LiveEnd why)
    {
        if (Interlocked.CompareExchange(ref _end, (int)why, (int)LiveEnd.None) != 0)
        {
            return;
        }

        _waiting.Writer.TryComplete();
        if (Volatile.Read(ref _isSending))
        {
            _cut();
        }
    }

    /// <summary>Completes when something waits; false where the stream has ended.</summary>
    public ValueTask<bool> WaitAsync() =>
        End == LiveEnd.None ? _waiting.Reader.WaitToReadAsync() : ValueTask.FromResult(false);

    public LiveEvent? Take() =>
        End == LiveEnd.None && _waiting.Reader.TryRead(out var next) ? next : null;

    /// <summary>Between the two its reader may be waited for: a stream that ends then is cut.</summary>
    public void BeginSending()
    {
        Volatile.Write(ref _isSending, true);
        Interlocked.MemoryBarrier();
    }

    /// <inheritdoc cref="BeginSending"/>
    public void EndSending() => Volatile.Write(ref _isSending, false);

    private void Put(LiveEvent happened)
    {
        if (!_waiting.Writer.TryWrite(happened))
        {
            EndFor(LiveEnd.Slow);
        }
    }
}
