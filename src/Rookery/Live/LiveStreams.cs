using Microsoft.Extensions.Options;
using Rookery.Graph;
using Rookery.Posts;
using Rookery.Telemetry;

namespace Rookery.Live;

/// <summary>
/// The streams that are open in this process, and which of them is told of what. Whoever has an author's posts on a home timeline is found by asking the graph, in memory, of each
/// account that has a stream open: 10,000 take a millisecond. Whether a post may be seen is asked again when it is written.
/// </summary>
internal sealed class LiveStreams(
    LiveSource source,
    IGraph graph,
    AccountOrdinals ordinals,
    IOptions<LiveOptions> options,
    TelemetryEvents telemetry
)
{
    private static readonly Problem NotKnown = Problem.Unavailable(
        "This server has to read again what it knows; try again in a second."
    );

    private readonly Lock _lock = new();
    private readonly HashSet<LiveStream> _all = [];
    private readonly Dictionary<AccountId, List<LiveStream>> _viewers = [];
    private readonly HashSet<LiveStream> _lists = [];
    private readonly Dictionary<RateKey, int> _callers = [];
    private int[] _followees = new int[512];
    private int _opened;
    private int _ticks;
    private int _turn;
    private bool _isStopping;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _all.Count;
            }
        }
    }

    /// <summary>Whose it is may have as many as that. Its reader is told of everything behind <see cref="LiveStream.Start"/>.</summary>
    /// <param name="first">What it begins with; null: nothing yet.</param>
    /// <exception cref="StoreUnavailableException">Nobody knows how far truth is.</exception>
    public async ValueTask<Result<LiveStream>> OpenAsync(
        LiveSubscription? first,
        AccountId? viewer,
        RateKey caller,
        Action cut,
        CancellationToken token
    )
    {
        await source.PrepareAsync(token);
        // What is told goes to those who are here; so nothing is told between the place that is given and this one's being here.
        lock (_lock)
        {
            if (Refuse(caller) is { } refused)
            {
                if (refused.Kind == ProblemKind.TooMany)
                {
                    telemetry.LimitRefused("streams");
                }

                return refused;
            }

            if (source.Begin() is not { } start)
            {
                return NotKnown;
            }

            var waiting = options.Value.WaitingEvents;
            var stream = new LiveStream(viewer, caller, start, waiting, cut)
            {
                Number = _opened++ & int.MaxValue,
            };
            Add(stream);
            telemetry.StreamOpened();
            if (first is not null)
            {
                Begin(stream, first, start);
            }

            return stream;
        }
    }

    /// <summary>It is told of everything behind <see cref="LiveSubscription.Start"/>, and first of all that it has begun.</summary>
    public Problem? Subscribe(LiveStream stream, LiveSubscription more)
    {
        lock (_lock)
        {
            // One that has ended needs nothing.
            if (!_all.Contains(stream))
            {
                return null;
            }

            var most = options.Value.SubscriptionsPerStream;
            if (stream.Subscriptions.Count >= most)
            {
                return Problem.TooMany(
                    $"There are {most} subscriptions on this connection, which is the most; unsubscribe one first.",
                    TimeSpan.Zero
                );
            }

            if (source.Begin() is not { } start)
            {
                return NotKnown;
            }

            Begin(stream, more, start);
            return null;
        }
    }

    public void Unsubscribe(LiveStream stream, LiveSubscription one)
    {
        lock (_lock)
        {
            stream.Drop(one);
            if (!stream.Has(LiveTopic.Everybodys))
            {
                _lists.Remove(stream);
            }
        }
    }

    public void Close(LiveStream stream)
    {
        stream.EndFor(LiveEnd.Gone);
        lock (_lock)
        {
            if (!_all.Remove(stream))
            {
                return;
            }

            telemetry.StreamClosed();
            _lists.Remove(stream);
            if (stream.Viewer is { } viewer && _viewers.TryGetValue(viewer, out var streams))
            {
                streams.Remove(stream);
                if (streams.Count == 0)
                {
                    _viewers.Remove(viewer);
                }
            }

            if (--_callers[stream.Caller] == 0)
            {
                _callers.Remove(stream.Caller);
            }

            if (_all.Count == 0)
            {
                source.Rest();
            }
        }
    }

    /// <summary>Nobody is let in any more.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopping = true;
            EndAll(LiveEnd.Stopping);
        }
    }

    /// <summary>Tells those whom it concerns, in the order in which it is called.</summary>
    public void Tell(LiveEvent happened)
    {
        lock (_lock)
        {
            _turn++;
            switch (happened.Kind)
            {
                case LiveKind.Lost:
                    EndAll(LiveEnd.Lost);
                    break;
                case LiveKind.Tick:
                    Thump(happened.At);
                    break;
                case LiveKind.Sessions:
                    OfferTo(happened.Author, happened);
                    break;
                case LiveKind.Raised:
                    TellOfNotifications(happened);
                    break;
                default:
                    TellOfPost(happened);
                    break;
            }
        }
    }

    /// <summary>Whether what an account posts, and whom it is written to, may stand on the viewer's home timeline.</summary>
    public bool IsOnHome(AccountId viewer, LiveEvent happened)
    {
        lock (_lock)
        {
            return IsFor(viewer, happened);
        }
    }

    private Problem? Refuse(RateKey caller) =>
        _isStopping ? Problem.Unavailable("The server is stopping; another one will take you.")
        : _all.Count >= options.Value.MostStreams
            ? Problem.Unavailable("As many streams are open as may be; try again in a while.")
        : _callers.GetValueOrDefault(caller) >= options.Value.StreamsPerCaller
            ? Problem.TooMany(
                $"You have {options.Value.StreamsPerCaller} streams open, which is the most; close one first.",
                TimeSpan.FromSeconds(options.Value.HeartbeatSeconds)
            )
        : null;

    private void Add(LiveStream stream)
    {
        _all.Add(stream);
        _callers[stream.Caller] = _callers.GetValueOrDefault(stream.Caller) + 1;
        if (stream.Viewer is not { } viewer)
        {
            return;
        }

        if (_viewers.TryGetValue(viewer, out var streams))
        {
            streams.Add(stream);
        }
        else
        {
            _viewers.Add(viewer, [stream]);
        }
    }

    private void Begin(LiveStream stream, LiveSubscription more, LivePosition start)
    {
        more.Start = start;
        stream.Add(more);
        if (more.Topic == LiveTopic.Everybodys)
        {
            _lists.Add(stream);
        }

        stream.Offer(new LiveEvent(LiveKind.Begun, start) { Subscription = more }, ++_turn);
    }

    private void TellOfPost(LiveEvent happened)
    {
        if (happened.Visibility == Visibility.Direct)
        {
            foreach (var recipient in happened.Recipients)
            {
                OfferHomes(_viewers.GetValueOrDefault(recipient), happened);
            }

            return;
        }

        foreach (var (viewer, streams) in _viewers)
        {
            if (HasHome(streams) && IsFor(viewer, happened))
            {
                OfferHomes(streams, happened);
            }
        }

        if (happened.IsEverybodys)
        {
            foreach (var stream in _lists)
            {
                stream.Offer(happened, _turn);
            }
        }
    }

    /// <summary>Each account of its own, in one event: within one commit nothing else was raised for it between the first and the last.</summary>
    private void TellOfNotifications(LiveEvent happened)
    {
        var told = happened
            .Raised.Where(one => _viewers.ContainsKey(one.Recipient))
            .GroupBy(one => one.Recipient, one => one.Id);
        foreach (var ids in told)
        {
            var at = happened.At with { Notification = ids.Max() };
            OfferTo(ids.Key, new LiveEvent(LiveKind.Notified, at, ids.Key) { First = ids.Min() });
        }
    }

    private static bool HasHome(List<LiveStream> streams)
    {
        foreach (var stream in streams)
        {
            if (stream.Has(LiveTopic.Home))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One whose follows are not in memory is told: they are read when it is written.</summary>
    private bool IsFor(AccountId viewer, LiveEvent happened)
    {
        if (happened.Visibility == Visibility.Direct)
        {
            return happened.Recipients.Contains(viewer);
        }

        if (viewer == happened.Author)
        {
            return true;
        }

        var count = graph.CopyFollowees(viewer, ref _followees);
        return count < 0
            || (
                ordinals.TryGet(happened.Author, out var author)
                && _followees.AsSpan(0, count).Contains(author)
            );
    }

    private void OfferHomes(List<LiveStream>? streams, LiveEvent happened)
    {
        foreach (var stream in streams ?? [])
        {
            if (stream.Has(LiveTopic.Home))
            {
                stream.Offer(happened, _turn);
            }
        }
    }

    /// <summary>To all that an account has open, but for notifications where none of their subscriptions tells of any: what concerns the account itself, and not a post.</summary>
    private void OfferTo(AccountId viewer, LiveEvent happened)
    {
        foreach (var stream in _viewers.GetValueOrDefault(viewer) ?? [])
        {
            if (happened.Kind != LiveKind.Notified || stream.HasNotifications())
            {
                stream.Offer(happened, _turn);
            }
        }
    }

    /// <summary>Each second a part of them, so that they do not all beat at once.</summary>
    private void Thump(LivePosition at)
    {
        var every = options.Value.HeartbeatSeconds;
        var thump = new LiveEvent(LiveKind.Thump, at);
        var turn = _ticks++ % every;
        foreach (var stream in _all)
        {
            if (stream.Number % every == turn)
            {
                stream.Offer(thump, _turn);
            }
        }
    }

    private void EndAll(LiveEnd why)
    {
        foreach (var stream in _all)
        {
            stream.EndFor(why);
        }
    }
}
