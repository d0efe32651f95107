using Microsoft.Extensions.Options;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Live;
using Rookery.Notifications;
using Rookery.Posts;
using Rookery.TestKit;
using Rookery.Tests.Graph;
using Rookery.Tests.Reading;
using Xunit;

namespace Rookery.Tests.Live;

/// <summary>A source and the streams that it tells, on a graph and an outbox that are what the test says.</summary>
internal sealed class LiveWorld : ScriptedGraph, IEventSources, IPastEvents, INotifications
{
    public static readonly AccountId Ana = new(11);
    public static readonly AccountId Bob = new(12);
    public static readonly AccountId Carol = new(13);

    private readonly AccountOrdinals _ordinals = new();
    private readonly Dictionary<AccountId, HashSet<AccountId>> _follows = [];

    public LiveWorld(LiveOptions? options = null, int mostHeard = 1 << 10)
    {
        Source = new LiveSource(Posts, this, this, mostHeard);
        Streams = new LiveStreams(
            Source,
            this,
            _ordinals,
            Options.Create(options ?? new()),
            OwnMeters.Unheard()
        );
    }

    public ScriptedPosts Posts { get; } = new() { Newest = new PostId(100) };

    public LiveSource Source { get; }

    public LiveStreams Streams { get; }

    /// <summary>The newest sequence of the outbox.</summary>
    public long Last { get; set; } = 5;

    /// <summary>The newest notification; null: nobody can say.</summary>
    public NotificationId? NewestNotification { get; set; }

    /// <summary>Whose follows are not in memory.</summary>
    public HashSet<AccountId> Unknown { get; } = [];

    public EventSource Accounts => throw new NotSupportedException();

    public EventSource Graph => throw new NotSupportedException();

    EventSource IEventSources.Posts => new(this, null!, null!);

    public void Follow(AccountId follower, AccountId followee)
    {
        if (!_follows.TryGetValue(follower, out var followees))
        {
            _follows[follower] = followees = [];
        }

        followees.Add(followee);
    }

    public async Task<LiveStream> OpenAsync(AccountId home, Action? cut = null) =>
        (await TryOpenAsync(LiveTopic.Home, home, cut)).Value;

    public async Task<LiveStream> OpenListAsync(AccountId? viewer = null) =>
        (await TryOpenAsync(LiveTopic.Everybodys, viewer)).Value;

    /// <summary>What it begins with is told of its beginning.</summary>
    public async Task<Result<LiveStream>> TryOpenAsync(
        LiveTopic topic,
        AccountId? viewer,
        Action? cut = null
    )
    {
        var opened = await Streams.OpenAsync(
            new Listed(topic),
            viewer,
            viewer is { } account ? RateKey.OfAccount(account) : RateKey.NoAddress,
            cut ?? (() => { }),
            CancellationToken.None
        );
        if (opened.Succeeded)
        {
            Assert.Equal(LiveKind.Begun, opened.Value.Take()?.Kind);
        }

        return opened;
    }

    /// <summary>Commits as one group, and tells the streams.</summary>
    public async Task CommitAsync(params Committed[] group)
    {
        Source.OnCommitted(group);
        await TellAsync();
    }

    /// <summary>Tells the streams what was heard so far.</summary>
    public async Task TellAsync()
    {
        Source.Tick();
        await foreach (var heard in Source.AllAsync(CancellationToken.None))
        {
            Streams.Tell(heard);
            if (heard.Kind == LiveKind.Tick)
            {
                return;
            }
        }
    }

    public static Committed Post(
        long sequence,
        long id,
        AccountId author,
        Visibility visibility = Visibility.Public,
        params AccountId[] recipients
    ) =>
        new(
            sequence,
            new PostAccepted(
                new PostId(id),
                author,
                PostKind.Post,
                visibility,
                default,
                default,
                default,
                recipients
            )
        );

    public static Committed Delete(
        long sequence,
        long id,
        AccountId author,
        Visibility visibility = Visibility.Public,
        params AccountId[] recipients
    ) =>
        new(
            sequence,
            new PostDeleted(
                new PostId(id),
                author,
                PostKind.Post,
                default,
                default,
                visibility,
                recipients
            )
        );

    public static Committed Raised(params (AccountId Recipient, long Id)[] raised) =>
        new(
            0,
            new NotificationsRaised([
                .. raised.Select(one => new RaisedNotification(
                    one.Recipient,
                    new NotificationId(one.Id)
                )),
            ])
        );

    public ValueTask<NotificationId> NewestAsync(CancellationToken token) =>
        NewestNotification is { } newest
            ? ValueTask.FromResult(newest)
            : throw new StoreUnavailableException("away");

    public sealed class Listed(LiveTopic topic) : LiveSubscription(topic)
    {
        public override bool HasNotifications => Topic == LiveTopic.Home;
    }

    /// <summary>All that waits, without signs of life.</summary>
    public static IReadOnlyList<string> Taken(LiveStream stream)
    {
        var taken = new List<string>();
        while (stream.Take() is { } next)
        {
            if (next.Kind != LiveKind.Thump)
            {
                taken.Add(
                    next.Kind switch
                    {
                        LiveKind.Update or LiveKind.Delete =>
                            $"{next.Kind} {next.Post} at {next.At}",
                        LiveKind.Notified => $"{next.Kind} {next.First} at {next.At}",
                        _ => $"{next.Kind}",
                    }
                );
            }
        }

        return taken;
    }

    public override int CopyFollowees(AccountId viewer, ref int[] followees)
    {
        if (Unknown.Contains(viewer))
        {
            return -1;
        }

        var count = 0;
        foreach (var followee in _follows.GetValueOrDefault(viewer) ?? [])
        {
            followees[count++] = _ordinals.GetOrAdd(followee);
        }

        return count;
    }

    public override HiddenAccounts? HiddenFrom(AccountId viewer) => HiddenAccounts.None;

    public override ValueTask LoadAsync(AccountId viewer, CancellationToken token) =>
        ValueTask.CompletedTask;

    public Task<string> OutboxAsync(CancellationToken token) => Task.FromResult("one");

    public ValueTask<long> LastAsync(CancellationToken token) => ValueTask.FromResult(Last);

    public ValueTask<bool> StandsAsync(long sequence, CancellationToken token) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<IReadOnlyList<Committed>> BetweenAsync(
        long after,
        long through,
        CancellationToken token
    ) => throw new NotSupportedException();
}
