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
}

/// <summary>What a stream is of: a home timeline, posts with a hashtag, or else everybody's.</summary>
internal sealed record LiveTopic(AccountId? HomeOf = null, string? Hashtag = null);

/// <summary>
/// One open stream: what waits for its reader, in order, each event once. What waits is bounded; one event more ends it.
/// </summary>
internal sealed class LiveStream
{
    private readonly Channel<LiveEvent> _waiting;
    private readonly Action _cut;
    private int _end;
    private bool _isSending;

    /// <param name="start">It is told of what comes after it.</param>
    /// <param name="cut">Ends the connection, where nothing can be said any more.</param>
    public LiveStream(
        LiveTopic topic,
        AccountId? viewer,
        RateKey caller,
        LivePosition start,
        int mostWaiting,
        Action cut
    )
    {
        (Topic, Viewer, Caller, Start, _cut) = (topic, viewer, caller, start, cut);
        _waiting = Channel.CreateBounded<LiveEvent>(
            new BoundedChannelOptions(mostWaiting) { SingleReader = true }
        );
    }

    public LiveTopic Topic { get; }

    public AccountId? Viewer { get; }

    /// <summary>Whose streams it is counted among.</summary>
    public RateKey Caller { get; }

    public LivePosition Start { get; }

    /// <summary>Which one of all that were opened.</summary>
    public int Number { get; init; }

    public LiveEnd End => (LiveEnd)Volatile.Read(ref _end);

    /// <summary>From one thread at a time.</summary>
    public void Offer(LiveEvent happened)
    {
        var isOld = happened.Kind switch
        {
            LiveKind.Update => happened.Post <= Start.Post,
            LiveKind.Delete => happened.At.Sequence <= Start.Sequence,
            LiveKind.Thump => happened.At.Or(Start) != happened.At,
            _ => false,
        };
        if (!isOld && !_waiting.Writer.TryWrite(happened))
        {
            EndFor(LiveEnd.Slow);
        }
    }

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
}
