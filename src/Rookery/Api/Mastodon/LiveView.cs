using Rookery.Live;
using Rookery.Posts;
using Rookery.Reading;

namespace Rookery.Api.Mastodon;

/// <summary>What a stream is a live picture of: how it is read, by the same rules as its pages are.</summary>
internal abstract class LiveView(LiveTopic topic, AccountId? viewer)
{
    public LiveTopic Topic => topic;

    public AccountId? Viewer => viewer;

    /// <summary>The part of the list that the page says.</summary>
    public abstract ValueTask ReadAsync(Page page, TimelinePage into, CancellationToken token);

    /// <summary>Those of the posts, which were told of as ones that the list may have, that it has and that the viewer may see now.</summary>
    public abstract ValueTask LookAsync(
        IReadOnlyList<PostId> told,
        TimelinePage into,
        CancellationToken token
    );

    /// <summary>Whether it belongs here as far as its text says.</summary>
    public virtual bool Wants(Status status) => true;

    /// <summary>Whether somebody who saw the list may have seen it, by who posted it for whom.</summary>
    public abstract bool Had(LiveEvent deleted, LiveStreams streams);
}

/// <summary>A home timeline with the owner's own posts, as Mastodon streams it.</summary>
internal sealed class LiveHome(ReadTimeline read, AccountId owner)
    : LiveView(new LiveTopic(HomeOf: owner), owner)
{
    public override ValueTask ReadAsync(Page page, TimelinePage into, CancellationToken token) =>
        read.HomeAsync(owner, page, includeOwn: true, into, token, isWhole: true);

    public override ValueTask LookAsync(
        IReadOnlyList<PostId> told,
        TimelinePage into,
        CancellationToken token
    ) => read.OnHomeAsync(owner, told, into, token);

    public override bool Had(LiveEvent deleted, LiveStreams streams) =>
        streams.IsOnHome(owner, deleted);
}

/// <summary>Everybody's public posts, or those with a hashtag.</summary>
internal sealed class LiveList(ReadTimeline read, string? hashtag, AccountId? viewer)
    : LiveView(new LiveTopic(Hashtag: hashtag), viewer)
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

    public override bool Wants(Status status) => hashtag is null || status.Tags.Contains(hashtag);

    public override bool Had(LiveEvent deleted, LiveStreams streams) => deleted.IsEverybodys;
}
