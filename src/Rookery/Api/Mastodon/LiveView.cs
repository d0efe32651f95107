using Rookery.Live;
using Rookery.Posts;
using Rookery.Reading;

namespace Rookery.Api.Mastodon;

/// <summary>What a subscription is a live picture of: how it is read, by the same rules as its pages are.</summary>
internal abstract class LiveView(LiveTopic topic, AccountId? viewer) : LiveSubscription(topic)
{
    public AccountId? Viewer => viewer;

    /// <summary>What its reader asked for, and what it is told with on a connection that has several.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The id of the last event that its reader has; null: he named none, empty: he has none yet and wants to know where he stands.</summary>
    public string? Since { get; init; }

    /// <summary>Its reader was told that it has begun, and sent what he had missed. Before that he is not where the stream is.</summary>
    public bool HasBegun { get; set; }

    /// <summary>The part of the list that the page says.</summary>
    public abstract ValueTask ReadAsync(Page page, TimelinePage into, CancellationToken token);

    /// <summary>Those of the posts, which were told of as ones that the list may have, that it has and that the viewer may see now.</summary>
    public abstract ValueTask LookAsync(
        IReadOnlyList<PostId> told,
        TimelinePage into,
        CancellationToken token
    );

    /// <summary>Whether it belongs here as far as its text and its media say.</summary>
    public virtual bool Wants(Status status) => true;

    /// <summary>
    /// Whether the post may stand here, or somebody who saw the list may have seen it, by who posted it for whom; whether notifications do. What stands is looked at before it is sent.
    /// </summary>
    public abstract bool MayHave(LiveEvent happened, LiveStreams streams);

    /// <summary>Whether it came after the beginning, of what was told while other subscriptions of the stream had begun.</summary>
    public bool IsBehindStart(LiveEvent happened) =>
        happened.Kind switch
        {
            LiveKind.Update => happened.Post > Start.Post,
            LiveKind.Notified => happened.At.Notification > Start.Notification,
            _ => happened.At.Sequence > Start.Sequence,
        };

    /// <summary>Where the reader stands with an event: he may have notifications already that this process has not heard of yet.</summary>
    public LivePosition AtLeast(LivePosition at) =>
        HasNotifications && at.Notification < Start.Notification
            ? at with
            {
                Notification = Start.Notification,
            }
            : at;
}

/// <summary>A home timeline with the owner's own posts, and the owner's notifications, as Mastodon streams them.</summary>
internal sealed class LiveHome(ReadTimeline read, AccountId owner) : LiveView(LiveTopic.Home, owner)
{
    public override bool HasNotifications => true;

    public override ValueTask ReadAsync(Page page, TimelinePage into, CancellationToken token) =>
        read.HomeAsync(owner, page, includeOwn: true, into, token, isWhole: true);

    public override ValueTask LookAsync(
        IReadOnlyList<PostId> told,
        TimelinePage into,
        CancellationToken token
    ) => read.OnHomeAsync(owner, told, into, token);

    public override bool MayHave(LiveEvent happened, LiveStreams streams) =>
        happened.Kind == LiveKind.Notified || streams.IsOnHome(owner, happened);
}

/// <summary>Everybody's public posts, or those with a hashtag, or those with pictures or a video.</summary>
internal sealed class LiveList(
    ReadTimeline read,
    string? hashtag,
    AccountId? viewer,
    bool onlyMedia = false
) : LiveView(LiveTopic.Everybodys, viewer)
{
    private readonly PostList _list = hashtag is null
        ? new PostList.Everybody()
        : new PostList.WithHashtag(hashtag);

    public override async ValueTask ReadAsync(
        Page page,
        TimelinePage into,
        CancellationToken token
    ) => await read.ListAsync(_list, await read.ContextAsync(Viewer, token), page, into, token);

    public override async ValueTask LookAsync(
        IReadOnlyList<PostId> told,
        TimelinePage into,
        CancellationToken token
    ) =>
        await read.PostsAsync(
            told,
            mutesHide: true,
            await read.ContextAsync(Viewer, token),
            into,
            token
        );

    public override bool Wants(Status status) =>
        (hashtag is null || status.Tags.Contains(hashtag))
        && !(onlyMedia && status.Post.Media.Count == 0);

    public override bool MayHave(LiveEvent happened, LiveStreams streams) => happened.IsEverybodys;
}

/// <summary>A list that no posts come to: of other servers, of which there are none.</summary>
internal class LiveNothing(AccountId? viewer) : LiveView(LiveTopic.Nothing, viewer)
{
    public override ValueTask ReadAsync(Page page, TimelinePage into, CancellationToken token)
    {
        into.Start(Viewer ?? default, page, includeOwn: false);
        into.Finish();
        return ValueTask.CompletedTask;
    }

    public override ValueTask LookAsync(
        IReadOnlyList<PostId> told,
        TimelinePage into,
        CancellationToken token
    ) => ReadAsync(new Page(told.Count), into, token);

    public override bool MayHave(LiveEvent happened, LiveStreams streams) => false;
}

/// <summary>The notifications of an account alone.</summary>
internal sealed class LiveNotifications(AccountId reader) : LiveNothing(reader)
{
    public override bool HasNotifications => true;

    public override bool MayHave(LiveEvent happened, LiveStreams streams) =>
        happened.Kind == LiveKind.Notified;
}
