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
    private readonly Lock _lock = new();
    private readonly List<LiveStream> _all = [];
    private readonly Dictionary<AccountId, List<LiveStream>> _homes = [];
    private readonly List<LiveStream> _lists = [];
    private readonly Dictionary<RateKey, int> _callers = [];
    private int[] _followees = new int[512];
    private int _opened;
    private int _ticks;
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
    /// <exception cref="StoreUnavailableException">Nobody knows how far truth is.</exception>
    public async ValueTask<Result<LiveStream>> OpenAsync(
        LiveTopic topic,
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
                return refused;
            }

            if (source.Begin() is not { } start)
            {
                return Problem.Unavailable(
                    "This server has to read again what it knows; try again in a second."
                );
            }

            var waiting = options.Value.WaitingEvents;
            var stream = new LiveStream(topic, viewer, caller, start, waiting, cut)
            {
                Number = _opened++ & int.MaxValue,
            };
            Add(stream);
            telemetry.StreamOpened();
            return stream;
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
            if (stream.Topic.HomeOf is { } owner && _homes.TryGetValue(owner, out var homes))
            {
                homes.Remove(stream);
                if (homes.Count == 0)
                {
                    _homes.Remove(owner);
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
        if (stream.Topic.HomeOf is not { } owner)
        {
            _lists.Add(stream);
        }
        else if (_homes.TryGetValue(owner, out var homes))
        {
            homes.Add(stream);
        }
        else
        {
            _homes.Add(owner, [stream]);
        }
    }

    private void TellOfPost(LiveEvent happened)
    {
        if (happened.Visibility == Visibility.Direct)
        {
            foreach (var recipient in happened.Recipients)
            {
                OfferHome(recipient, happened);
            }

            return;
        }

        foreach (var (viewer, homes) in _homes)
        {
            if (IsFor(viewer, happened))
            {
                homes.ForEach(stream => stream.Offer(happened));
            }
        }

        if (happened.IsEverybodys)
        {
            _lists.ForEach(stream => stream.Offer(happened));
        }
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

    private void OfferHome(AccountId viewer, LiveEvent happened)
    {
        if (_homes.TryGetValue(viewer, out var homes))
        {
            homes.ForEach(stream => stream.Offer(happened));
        }
    }

    private void OfferTo(AccountId viewer, LiveEvent happened)
    {
        foreach (var stream in _all)
        {
            if (stream.Viewer == viewer)
            {
                stream.Offer(happened);
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
                stream.Offer(thump);
            }
        }
    }

    private void EndAll(LiveEnd why) => _all.ForEach(stream => stream.EndFor(why));
}
