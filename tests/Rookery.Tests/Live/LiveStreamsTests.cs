using Rookery.Accounts;
using Rookery.Live;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;
using static Rookery.Tests.Live.LiveWorld;

namespace Rookery.Tests.Live;

public sealed class LiveStreamsTests
{
    [Fact]
    public async Task Followers_and_the_author_are_told_and_nobody_else()
    {
        var world = new LiveWorld();
        world.Follow(Bob, Ana);
        var (ana, bob, carol) = (
            await world.OpenAsync(Ana),
            await world.OpenAsync(Bob),
            await world.OpenAsync(Carol)
        );
        await world.CommitAsync(Post(6, 101, Ana));

        Assert.Equal(["Update 101 at 101-5"], Taken(ana));
        Assert.Equal(["Update 101 at 101-5"], Taken(bob));
        Assert.Empty(Taken(carol));
    }

    [Fact]
    public async Task One_whose_follows_are_not_in_memory_is_told_for_they_are_read_when_it_is_written()
    {
        var world = new LiveWorld();
        world.Unknown.Add(Bob);
        var bob = await world.OpenAsync(Bob);
        await world.CommitAsync(Post(6, 101, Ana));

        Assert.Single(Taken(bob));
    }

    [Fact]
    public async Task A_direct_post_is_told_to_those_it_mentions_alone_and_so_is_its_deletion()
    {
        var world = new LiveWorld();
        world.Follow(Bob, Ana);
        world.Follow(Carol, Ana);
        var (bob, carol) = (await world.OpenAsync(Bob), await world.OpenAsync(Carol));
        var everybodys = await world.OpenListAsync();
        await world.CommitAsync(Post(6, 101, Ana, Visibility.Direct, Carol));
        await world.CommitAsync(Delete(7, 101, Ana, Visibility.Direct, Carol));

        Assert.Equal(["Update 101 at 101-5", "Delete 101 at 101-7"], Taken(carol));
        Assert.Empty(Taken(bob));
        Assert.Empty(Taken(everybodys));
    }

    [Fact]
    public async Task Lists_of_everybodys_posts_are_told_of_public_ones()
    {
        var world = new LiveWorld();
        var list = await world.OpenListAsync();
        await world.CommitAsync(
            Post(6, 101, Ana),
            Post(7, 102, Ana, Visibility.Unlisted),
            Post(8, 103, Ana, Visibility.Followers)
        );

        Assert.Equal(["Update 101 at 101-5"], Taken(list));
    }

    [Fact]
    public async Task The_posts_of_a_group_come_by_their_ids_and_then_what_was_deleted()
    {
        var world = new LiveWorld();
        var ana = await world.OpenAsync(Ana);
        await world.CommitAsync(
            Post(6, 104, Ana),
            Delete(7, 90, Ana),
            Post(8, 102, Ana),
            Delete(9, 91, Ana)
        );
        await world.CommitAsync(Post(10, 110, Ana));

        Assert.Equal(
            [
                "Update 102 at 102-5",
                "Update 104 at 104-5",
                "Delete 90 at 104-7",
                "Delete 91 at 104-9",
                "Update 110 at 110-9",
            ],
            Taken(ana)
        );
    }

    [Fact]
    public async Task A_stream_starts_where_truth_is_and_is_told_of_everything_behind_that_once()
    {
        var world = new LiveWorld();
        var first = await world.OpenAsync(Ana);
        Assert.Equal("100-5", first.Start.ToString());

        // Heard, and not told yet.
        world.Source.OnCommitted([Post(6, 101, Ana), Delete(7, 50, Ana)]);
        var second = await world.OpenAsync(Ana);
        Assert.Equal("101-7", second.Start.ToString());
        world.Source.OnCommitted([Post(8, 102, Ana)]);
        await world.TellAsync();

        Assert.Equal(
            ["Update 101 at 101-5", "Delete 50 at 101-7", "Update 102 at 102-7"],
            Taken(first)
        );
        Assert.Equal(["Update 102 at 102-7"], Taken(second));
    }

    [Fact]
    public async Task What_was_committed_while_nobody_listened_is_behind_the_next_start()
    {
        var world = new LiveWorld();
        world.Streams.Close(await world.OpenAsync(Ana));
        await world.Source.PrepareAsync(TestContext.Current.CancellationToken);
        world.Source.OnCommitted([Post(6, 101, Ana)]);
        var ana = await world.OpenAsync(Ana);

        Assert.Equal("101-6", ana.Start.ToString());
        await world.CommitAsync(Post(7, 102, Ana));
        Assert.Equal(["Update 102 at 102-6"], Taken(ana));
    }

    [Fact]
    public async Task A_slow_readers_stream_ends_when_more_waits_than_may_and_nothing_of_it_is_sent()
    {
        var isCut = false;
        var world = new LiveWorld(new LiveOptions { WaitingEvents = 4 });
        var ana = await world.OpenAsync(Ana, () => isCut = true);
        // And a sign of life.
        await world.CommitAsync(Post(6, 101, Ana), Post(7, 102, Ana), Post(8, 103, Ana));
        Assert.Equal(LiveEnd.None, ana.End);
        await world.CommitAsync(Post(9, 104, Ana));
        Assert.Equal(LiveEnd.Slow, ana.End);
        Assert.Null(ana.Take());
        Assert.False(await ana.WaitAsync());
        Assert.False(isCut);
    }

    [Fact]
    public async Task A_stream_that_ends_while_its_reader_takes_nothing_is_cut()
    {
        var isCut = false;
        var world = new LiveWorld(new LiveOptions { WaitingEvents = 1 });
        var ana = await world.OpenAsync(Ana, () => isCut = true);
        ana.BeginSending();
        await world.CommitAsync(Post(6, 101, Ana), Post(7, 102, Ana));

        Assert.True(isCut);
    }

    [Fact]
    public async Task Streams_of_an_account_whose_sessions_end_are_told_of_it()
    {
        var world = new LiveWorld();
        var (ana, bob) = (await world.OpenAsync(Ana), await world.OpenAsync(Bob));
        var list = await world.OpenListAsync(Ana);
        await world.CommitAsync(new Committed(6, new SessionsEnded(Ana)));

        Assert.Equal(["Sessions"], Taken(ana));
        Assert.Equal(["Sessions"], Taken(list));
        Assert.Empty(Taken(bob));
        await world.CommitAsync(
            new Committed(7, new AccountSuspended(Bob, 1)),
            new Committed(8, new AccountDeleted(Ana))
        );
        Assert.Equal(["Sessions"], Taken(bob));
        Assert.Equal(["Sessions"], Taken(ana));
    }

    [Fact]
    public async Task Every_stream_has_a_sign_of_life_each_so_many_seconds_and_not_all_at_once()
    {
        var world = new LiveWorld(new LiveOptions { HeartbeatSeconds = 4 });
        var streams = new List<LiveStream>();
        for (var i = 0; i < 10; i++)
        {
            streams.Add(await world.OpenAsync(new AccountId(1000 + i)));
        }

        for (var round = 0; round < 2; round++)
        {
            var beats = new List<int>();
            for (var second = 0; second < 4; second++)
            {
                await world.TellAsync();
                beats.Add(streams.Count(one => one.Take()?.Kind == LiveKind.Thump));
            }

            Assert.Equal(10, beats.Sum());
            Assert.InRange(beats.Max(), 1, 3);
        }
    }

    [Fact]
    public async Task Where_more_is_heard_than_can_be_told_all_streams_end()
    {
        var world = new LiveWorld(mostHeard: 4);
        var (ana, list) = (await world.OpenAsync(Ana), await world.OpenListAsync());
        world.Source.OnCommitted([
            .. Enumerable.Range(0, 6).Select(i => Post(6 + i, 101 + i, Bob)),
        ]);
        await foreach (var heard in world.Source.AllAsync(TestContext.Current.CancellationToken))
        {
            world.Streams.Tell(heard);
            break;
        }

        Assert.Equal(LiveEnd.Lost, ana.End);
        Assert.Equal(LiveEnd.Lost, list.End);
    }

    [Fact]
    public async Task After_everything_was_forgotten_streams_end_and_new_ones_start_where_truth_is()
    {
        var world = new LiveWorld();
        var ana = await world.OpenAsync(Ana);
        world.Source.Forget();
        (world.Posts.Newest, world.Last) = (new PostId(200), 50);
        await world.TellAsync();
        Assert.Equal(LiveEnd.Lost, ana.End);

        Assert.Equal("200-50", (await world.OpenAsync(Ana)).Start.ToString());
    }

    [Fact]
    public async Task A_caller_has_so_many_streams_and_a_server_too()
    {
        var world = new LiveWorld(new LiveOptions { StreamsPerCaller = 2, MostStreams = 3 });
        var first = await world.OpenAsync(Ana);
        await world.OpenAsync(Ana);
        var third = await world.TryOpenAsync(LiveTopic.Everybodys, Ana);
        Assert.Equal(ProblemKind.TooMany, third.Problem!.Kind);
        world.Streams.Close(first);
        world.Streams.Close(first);
        await world.OpenAsync(Ana);
        await world.OpenAsync(Bob);
        var fourth = await world.TryOpenAsync(LiveTopic.Everybodys, Carol);
        Assert.Equal(ProblemKind.Unavailable, fourth.Problem!.Kind);
        Assert.Equal(3, world.Streams.Count);
    }

    [Fact]
    public async Task A_server_that_stops_ends_all_and_lets_nobody_in()
    {
        var world = new LiveWorld();
        var ana = await world.OpenAsync(Ana);
        world.Streams.Stop();

        Assert.Equal(LiveEnd.Stopping, ana.End);
        Assert.False((await world.TryOpenAsync(LiveTopic.Everybodys, null)).Succeeded);
    }

    [Fact]
    public async Task What_concerns_several_subscriptions_of_a_stream_is_told_to_it_once()
    {
        var world = new LiveWorld();
        var ana = await world.OpenAsync(Ana);
        var (one, other) = (new Listed(LiveTopic.Everybodys), new Listed(LiveTopic.Everybodys));
        Assert.Null(world.Streams.Subscribe(ana, one));
        Assert.Null(world.Streams.Subscribe(ana, other));
        await world.CommitAsync(Post(6, 101, Ana), Post(7, 102, Bob));
        Assert.Equal(["Begun", "Begun", "Update 101 at 101-5", "Update 102 at 102-5"], Taken(ana));

        world.Streams.Unsubscribe(ana, one);
        await world.CommitAsync(Post(8, 103, Bob));
        Assert.Equal(["Update 103 at 103-7"], Taken(ana));
        world.Streams.Unsubscribe(ana, other);
        await world.CommitAsync(Post(9, 104, Bob), Post(10, 105, Ana));
        Assert.Equal(["Update 105 at 105-8"], Taken(ana));
    }

    [Fact]
    public async Task A_stream_without_a_subscription_is_told_of_its_sessions_and_of_nothing_else()
    {
        var world = new LiveWorld();
        var ana = await world.OpenAsync(Ana);
        world.Streams.Unsubscribe(ana, ana.Subscriptions[0]);
        await world.CommitAsync(Post(6, 101, Ana), Delete(7, 50, Ana));
        await world.CommitAsync(new Committed(8, new SessionsEnded(Ana)));

        Assert.Equal(["Sessions"], Taken(ana));
    }

    [Fact]
    public async Task A_subscription_begins_where_truth_is_whatever_its_stream_has_still_to_be_told()
    {
        var world = new LiveWorld();
        var ana = await world.OpenAsync(Ana);
        world.Source.OnCommitted([Post(6, 101, Ana)]);
        var late = new Listed(LiveTopic.Everybodys);
        Assert.Null(world.Streams.Subscribe(ana, late));
        await world.TellAsync();

        Assert.Equal("101-6", late.Start.ToString());
        Assert.Equal("100-5", ana.Subscriptions[0].Start.ToString());
        Assert.Equal(["Begun", "Update 101 at 101-5"], Taken(ana));
    }

    [Fact]
    public async Task A_stream_has_so_many_subscriptions_and_one_that_has_ended_no_more()
    {
        var world = new LiveWorld(new LiveOptions { SubscriptionsPerStream = 2 });
        var ana = await world.OpenAsync(Ana);
        Assert.Null(world.Streams.Subscribe(ana, new Listed(LiveTopic.Nothing)));
        var refused = world.Streams.Subscribe(ana, new Listed(LiveTopic.Everybodys));
        Assert.Equal(ProblemKind.TooMany, refused!.Kind);
        world.Streams.Unsubscribe(ana, ana.Subscriptions[0]);
        Assert.Null(world.Streams.Subscribe(ana, new Listed(LiveTopic.Everybodys)));

        world.Streams.Close(ana);
        world.Streams.Unsubscribe(ana, ana.Subscriptions[0]);
        Assert.Null(world.Streams.Subscribe(ana, new Listed(LiveTopic.Everybodys)));
        Assert.Single(ana.Subscriptions);
    }

    /// <summary>One object for each event, however many streams are told of it, and one waiting place each.</summary>
    [Fact]
    public async Task Telling_a_stream_of_an_event_allocates_nothing()
    {
        var world = new LiveWorld();
        var streams = new List<LiveStream>();
        for (var i = 0; i < 100; i++)
        {
            var reader = new AccountId(1000 + i);
            world.Follow(reader, Ana);
            streams.Add(await world.OpenAsync(reader));
        }

        var happened = new LiveEvent(LiveKind.Update, new LivePosition(new PostId(101), 5), Ana)
        {
            Post = new PostId(101),
            Visibility = Visibility.Public,
        };

        var allocated = LeastAllocated.Of(() =>
        {
            world.Streams.Tell(happened);
            foreach (var stream in streams)
            {
                Assert.NotNull(stream.Take());
            }
        });

        // The scripted graph makes one enumerator for each account it is asked of.
        Assert.InRange(allocated, 0, 100 * 64);
    }
}
