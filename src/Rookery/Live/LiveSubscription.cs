namespace Rookery.Live;

/// <summary>Which events concern a subscription.</summary>
internal enum LiveTopic
{
    /// <summary>None of posts.</summary>
    Nothing,

    /// <summary>Those of its viewer's home timeline.</summary>
    Home,

    /// <summary>Those of public posts.</summary>
    Everybodys,
}

/// <summary>One of the lists that a stream tells of. What they have in common is decided once for the stream; what is this one's alone, by who writes.</summary>
internal abstract class LiveSubscription(LiveTopic topic)
{
    public LiveTopic Topic => topic;

    /// <summary>It tells of its viewer's notifications.</summary>
    public virtual bool HasNotifications => false;

    /// <summary>It is told of what comes after it.</summary>
    public LivePosition Start { get; set; }
}
