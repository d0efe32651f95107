using System.Diagnostics.Metrics;
using System.Reflection;

namespace Rookery.Telemetry;

/// <summary>
/// What rooms and adapters tell of themselves, one word for each thing that happens. Telling costs some nanoseconds, allocates nothing and never fails; what the
/// time of requests tells already is not told again.
/// </summary>
public sealed class TelemetryEvents
{
    private static readonly KeyValuePair<string, object?> FromMemory = new("from", "memory");
    private static readonly KeyValuePair<string, object?> FromPushed = new("from", "pushed");
    private static readonly KeyValuePair<string, object?> FromTruth = new("from", "truth");
    private static readonly KeyValuePair<string, object?> Hit = new("outcome", "hit");
    private static readonly KeyValuePair<string, object?> Miss = new("outcome", "miss");

    private static readonly string[] StatusClasses = ["", "1xx", "2xx", "3xx", "4xx", "5xx"];

    private readonly Meter _meter;
    private readonly Histogram<double> _requestDuration;
    private readonly Counter<long> _committed;
    private readonly Histogram<double> _commitDuration;
    private readonly Histogram<long> _commitWrites;
    private readonly Counter<long> _commitsFailed;
    private readonly Counter<long> _pushed;
    private readonly Histogram<double> _lag;
    private readonly Counter<long> _homeReads;
    private readonly Counter<long> _rebuilt;
    private readonly Histogram<double> _storeDuration;
    private readonly Counter<long> _cacheReads;
    private readonly Histogram<double> _searchDuration;
    private readonly UpDownCounter<long> _streams;
    private readonly Counter<long> _signUps;
    private readonly Counter<long> _logIns;
    private readonly Counter<long> _mails;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _pushes;

    public TelemetryEvents(IMeterFactory meters)
    {
        _meter = meters.Create(ShownMetrics.Own);
        _requestDuration = Time(
            MetricNames.RequestDuration,
            "How long requests took, by the pattern of their route, their method and the class of their status"
        );
        _committed = Count(
            MetricNames.EventsCommitted,
            "{event}",
            "Events that this process committed, by what happened: post.accepted, graph.followed, and so on"
        );
        _commitDuration = Time(
            MetricNames.CommitDuration,
            "How long a group of writes took from its begin until it was on the disk"
        );
        _commitWrites = _meter.CreateHistogram<long>(
            MetricNames.CommitWrites,
            "{write}",
            "Writes that were committed together"
        );
        _commitsFailed = Count(
            MetricNames.CommitsFailed,
            "{group}",
            "Groups of writes that the database did not take; their writers got 503"
        );
        _pushed = Count(
            MetricNames.FanOutPushed,
            "{follower}",
            "Followers for whom a post was put on a home timeline, where there was one"
        );
        _lag = Time(
            MetricNames.FanOutLag,
            "From the acceptance of a post until it had been pushed to all followers"
        );
        _homeReads = Count(
            MetricNames.HomeReads,
            "{read}",
            "Stretches of home timelines that were read: merged from memory, from the pushed timeline, or with what had to be loaded from truth"
        );
        _rebuilt = Count(
            MetricNames.HomeRebuilt,
            "{timeline}",
            "Pushed home timelines that were built anew"
        );
        _storeDuration = Time(
            MetricNames.TimelineStoreDuration,
            "How long the store of pushed timelines took for a call: read, or push to one chunk of followers"
        );
        _cacheReads = Count(
            MetricNames.CacheReads,
            "{value}",
            "What was looked for in a cache: pages among rendered posts in memory, single values among those shared by memcached"
        );
        _searchDuration = Time(
            MetricNames.SearchDuration,
            "How long one stretch of a search for posts took in this process's index"
        );
        _streams = _meter.CreateUpDownCounter<long>(
            MetricNames.StreamsOpen,
            "{stream}",
            "Live streams that are open"
        );
        _signUps = Count(MetricNames.SignUps, "{account}", "People who signed up");
        _logIns = Count(
            MetricNames.LogIns,
            "{attempt}",
            "Log-ins that were accepted, and refused for a wrong name or password or a suspension"
        );
        _mails = Count(
            MetricNames.MailsEnded,
            "{mail}",
            "Mails that were sent, put off because nobody took them, given up, and dropped because there was nothing to say any more, by what they are about"
        );
        _refused = Count(
            MetricNames.LimitsRefused,
            "{request}",
            "Requests that were refused with 429, by the limit that they met"
        );
        _pushes = Count(
            MetricNames.Pushes,
            "{push}",
            "Pushes of notifications: sent, refused for good, put off until the service takes them, and dropped because nobody wants them any more"
        );
        _meter.CreateObservableGauge<long>(
            MetricNames.BuildInfo,
            static () =>
                new Measurement<long>(1, new KeyValuePair<string, object?>("version", Version)),
            null,
            "1, with the version that runs"
        );
    }

    private static string Version =>
        typeof(TelemetryEvents)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "";

    /// <param name="route">Its pattern, never the path.</param>
    /// <param name="method">One of those that there are.</param>
    public void RequestAnswered(string route, string method, int status, TimeSpan took) =>
        _requestDuration.Record(
            took.TotalSeconds,
            new KeyValuePair<string, object?>("route", route),
            new KeyValuePair<string, object?>("method", method),
            new KeyValuePair<string, object?>(
                "status",
                StatusClasses[Math.Clamp(status / 100, 0, StatusClasses.Length - 1)]
            )
        );

    /// <param name="name">As it stands in the outbox.</param>
    public void EventCommitted(string name) =>
        _committed.Add(1, new KeyValuePair<string, object?>("event", name));

    public void GroupCommitted(int writes, TimeSpan took)
    {
        _commitWrites.Record(writes);
        _commitDuration.Record(took.TotalSeconds);
    }

    public void GroupFailed() => _commitsFailed.Add(1);

    /// <param name="followers">To whom it was pushed.</param>
    /// <param name="lag">Since the post was accepted.</param>
    public void PostPushed(int followers, TimeSpan lag)
    {
        _pushed.Add(followers);
        // Clocks of two machines may differ.
        _lag.Record(Math.Max(0, lag.TotalSeconds));
    }

    public void HomeReadFromMemory() => _homeReads.Add(1, FromMemory);

    public void HomeReadFromPushed() => _homeReads.Add(1, FromPushed);

    public void HomeReadFromTruth() => _homeReads.Add(1, FromTruth);

    public void TimelineRebuilt() => _rebuilt.Add(1);

    public void TimelineStoreRead(TimeSpan took) =>
        _storeDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("call", "read"));

    public void TimelineStorePushed(TimeSpan took) =>
        _storeDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("call", "push"));

    /// <summary>A page was looked for among the rendered posts in memory.</summary>
    /// <param name="isWhole">All of it was there.</param>
    public void PageLookedFor(bool isWhole) =>
        _cacheReads.Add(
            1,
            new KeyValuePair<string, object?>("cache", "rendered"),
            isWhole ? Hit : Miss
        );

    /// <summary>Values were looked for in what all processes share.</summary>
    public void SharedLookedFor(int found, int missing)
    {
        var cache = new KeyValuePair<string, object?>("cache", "shared");
        _cacheReads.Add(found, cache, Hit);
        _cacheReads.Add(missing, cache, Miss);
    }

    public void Searched(TimeSpan took) => _searchDuration.Record(took.TotalSeconds);

    public void StreamOpened() => _streams.Add(1);

    public void StreamClosed() => _streams.Add(-1);

    public void SignedUp() => _signUps.Add(1);

    public void LoggedIn() =>
        _logIns.Add(1, new KeyValuePair<string, object?>("outcome", "accepted"));

    public void LogInRefused() =>
        _logIns.Add(1, new KeyValuePair<string, object?>("outcome", "refused"));

    /// <param name="kind">One of those that there are.</param>
    public void MailEnded(string kind, string outcome) =>
        _mails.Add(
            1,
            new KeyValuePair<string, object?>("kind", kind),
            new KeyValuePair<string, object?>("outcome", outcome)
        );

    /// <param name="limit">The name of the limit, never the caller.</param>
    public void LimitRefused(string limit) =>
        _refused.Add(1, new KeyValuePair<string, object?>("limit", limit));

    public void PushSent() => _pushes.Add(1, new KeyValuePair<string, object?>("outcome", "sent"));

    public void PushRefused() =>
        _pushes.Add(1, new KeyValuePair<string, object?>("outcome", "refused"));

    public void PushPutOff() =>
        _pushes.Add(1, new KeyValuePair<string, object?>("outcome", "put_off"));

    public void PushesDropped(int count) =>
        _pushes.Add(count, new KeyValuePair<string, object?>("outcome", "dropped"));

    /// <summary>Says once who can be asked how the pushes of all are; null where nobody knows.</summary>
    public void PushesAre(Func<(long Waiting, long Failing)?> look)
    {
        Look(
            MetricNames.PushesWaiting,
            "{push}",
            "Pushes that are not sent yet",
            () => look() is { } all ? [new Measurement<long>(all.Waiting)] : []
        );
        Look(
            MetricNames.PushesFailing,
            "{subscription}",
            "Subscriptions to pushes whose last one did not arrive",
            () => look() is { } all ? [new Measurement<long>(all.Failing)] : []
        );
    }

    /// <summary>Says once who can be asked whether this process should get requests.</summary>
    public void ReadinessIs(Func<bool> all, Func<IEnumerable<(string Part, bool IsReady)>> parts)
    {
        Look(
            MetricNames.Ready,
            null,
            "1 where the process should get requests, as /health/ready says",
            () => [new Measurement<long>(all() ? 1 : 0)]
        );
        Look(
            MetricNames.PartReady,
            null,
            "1 where nothing is wrong with this part",
            () =>
                parts()
                    .Select(one => new Measurement<long>(
                        one.IsReady ? 1 : 0,
                        new KeyValuePair<string, object?>("part", one.Part)
                    ))
        );
    }

    /// <summary>Says once who can be asked how far delivery is. Of an outbox of which nobody knows, nothing is shown.</summary>
    public void DeliveryIs(Func<IReadOnlyList<OutboxReading>> look)
    {
        Look(
            MetricNames.ConsumerBehind,
            "{event}",
            "Events that a consumer has neither applied nor given up on",
            () => look().SelectMany(one => OfConsumers(one, one.Behind))
        );
        Look(
            MetricNames.DeadLetters,
            "{letter}",
            "Events that a consumer gave up on, and nobody has decided about",
            () => look().SelectMany(one => OfConsumers(one, one.DeadLetters))
        );
        _meter.CreateObservableGauge<double>(
            MetricNames.OutboxOldest,
            () =>
                look()
                    .Select(one => new Measurement<double>(
                        one.Oldest.TotalSeconds,
                        new KeyValuePair<string, object?>("outbox", one.Outbox)
                    )),
            "s",
            "How long ago the oldest event was committed that a consumer has not applied; 0 where there is none"
        );
    }

    private static IEnumerable<Measurement<long>> OfConsumers(
        OutboxReading outbox,
        IReadOnlyDictionary<string, long> numbers
    ) =>
        numbers.Select(one => new Measurement<long>(
            one.Value,
            new KeyValuePair<string, object?>("consumer", one.Key),
            new KeyValuePair<string, object?>("outbox", outbox.Outbox)
        ));

    private Counter<long> Count(string name, string unit, string help) =>
        _meter.CreateCounter<long>(name, unit, help);

    private Histogram<double> Time(string name, string help) =>
        _meter.CreateHistogram<double>(name, "s", help);

    private void Look(
        string name,
        string? unit,
        string help,
        Func<IEnumerable<Measurement<long>>> look
    ) => _meter.CreateObservableGauge<long>(name, look, unit, help);
}
