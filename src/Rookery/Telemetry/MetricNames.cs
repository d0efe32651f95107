namespace Rookery.Telemetry;

/// <summary>What the product's own instruments are called. Dashboards and alerts of operators stand on these names: they do not change.</summary>
internal static class MetricNames
{
    public const string RequestDuration = "http.server.request.duration";
    public const string BuildInfo = "rookery.build.info";
    public const string Ready = "rookery.ready";
    public const string PartReady = "rookery.part.ready";
    public const string EventsCommitted = "rookery.events.committed";
    public const string CommitDuration = "rookery.commit.duration";
    public const string CommitWrites = "rookery.commit.writes";
    public const string CommitsFailed = "rookery.commits.failed";
    public const string FanOutPushed = "rookery.fanout.pushed";
    public const string FanOutLag = "rookery.fanout.lag";
    public const string HomeReads = "rookery.home.reads";
    public const string HomeRebuilt = "rookery.home.rebuilt";
    public const string TimelineStoreDuration = "rookery.timeline_store.duration";
    public const string CacheReads = "rookery.cache.reads";
    public const string SearchDuration = "rookery.search.duration";
    public const string StreamsOpen = "rookery.streams.open";
    public const string SignUps = "rookery.sign_ups";
    public const string LogIns = "rookery.log_ins";
    public const string MailsEnded = "rookery.mails";
    public const string LimitsRefused = "rookery.limits.refused";
    public const string Pushes = "rookery.pushes";
    public const string PushesWaiting = "rookery.pushes.waiting";
    public const string PushesFailing = "rookery.pushes.failing";
    public const string ConsumerBehind = "rookery.consumer.behind.events";
    public const string DeadLetters = "rookery.dead_letters";
    public const string OutboxOldest = "rookery.outbox.oldest";
}
