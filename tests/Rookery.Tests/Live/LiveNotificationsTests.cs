using Rookery.Live;
using Xunit;
using static Rookery.Tests.Live.LiveWorld;

namespace Rookery.Tests.Live;

/// <summary>Who is told of which notifications, and where they stand among the posts.</summary>
public sealed class LiveNotificationsTests
{
    [Fact]
    public async Task Each_account_is_told_of_its_own_from_the_first_to_the_last_of_a_commit_and_nobody_else()
    {
        var world = new LiveWorld { NewestNotification = new NotificationId(30) };
        var (ana, again, bob) = (
            await world.OpenAsync(Ana),
            await world.OpenAsync(Ana),
            await world.OpenAsync(Bob)
        );
        var carol = await world.OpenAsync(Carol);
        await world.CommitAsync(Raised((Ana, 31), (Bob, 32), (Ana, 33)), Raised((Ana, 34)));

        Assert.Equal(["Notified 31 at 100-5-33", "Notified 34 at 100-5-34"], Taken(ana));
        Assert.Equal(["Notified 31 at 100-5-33", "Notified 34 at 100-5-34"], Taken(again));
        Assert.Equal(["Notified 32 at 100-5-32"], Taken(bob));
        Assert.Empty(Taken(carol));
    }

    [Fact]
    public async Task Streams_of_which_no_list_has_notifications_are_told_of_none()
    {
        var world = new LiveWorld { NewestNotification = new NotificationId(30) };
        var (list, strangers) = (await world.OpenListAsync(Ana), await world.OpenListAsync());
        await world.CommitAsync(Raised((Ana, 31)));

        Assert.Empty(Taken(list));
        Assert.Empty(Taken(strangers));
    }

    [Fact]
    public async Task They_stand_behind_the_posts_and_the_deletions_of_their_commit_and_before_those_of_the_next()
    {
        var world = new LiveWorld { NewestNotification = new NotificationId(30) };
        var ana = await world.OpenAsync(Ana);
        await world.CommitAsync(Raised((Ana, 31)), Delete(7, 50, Ana), Post(8, 101, Ana));
        await world.CommitAsync(Post(9, 102, Ana), Raised((Ana, 35)));

        Assert.Equal(
            [
                "Update 101 at 101-5-30",
                "Delete 50 at 101-7-30",
                "Notified 31 at 101-8-31",
                "Update 102 at 102-8-31",
                "Notified 35 at 102-9-35",
            ],
            Taken(ana)
        );
    }

    [Fact]
    public async Task A_stream_is_told_of_those_behind_its_start_once()
    {
        var world = new LiveWorld { NewestNotification = new NotificationId(30) };
        var first = await world.OpenAsync(Ana);
        // Heard, and not told yet.
        world.Source.OnCommitted([Raised((Ana, 31))]);
        var second = await world.OpenAsync(Ana);
        Assert.Equal("100-5-31", second.Start.ToString());
        world.Source.OnCommitted([Raised((Ana, 32))]);
        await world.TellAsync();

        Assert.Equal(["Notified 31 at 100-5-31", "Notified 32 at 100-5-32"], Taken(first));
        Assert.Equal(["Notified 32 at 100-5-32"], Taken(second));
    }

    /// <summary>Commits of other processes are heard late: truth, which a process reads as it begins, may have them already.</summary>
    [Fact]
    public async Task One_that_truth_had_at_the_start_is_not_told_when_it_is_heard_late()
    {
        var world = new LiveWorld { NewestNotification = new NotificationId(32) };
        var ana = await world.OpenAsync(Ana);
        await world.CommitAsync(Raised((Ana, 31), (Ana, 32)));
        await world.CommitAsync(Raised((Ana, 33)));

        Assert.Equal(["Notified 33 at 100-5-33"], Taken(ana));
    }

    [Fact]
    public async Task Posts_have_streams_where_notifications_cannot_be_read_and_those_that_are_heard_are_told()
    {
        var world = new LiveWorld { NewestNotification = null };
        var ana = await world.OpenAsync(Ana);
        Assert.Equal("100-5", ana.Start.ToString());
        await world.CommitAsync(Post(6, 101, Ana), Raised((Ana, 31)));

        Assert.Equal(["Update 101 at 101-5", "Notified 31 at 101-6-31"], Taken(ana));
    }

    [Fact]
    public async Task Where_some_were_not_heard_and_cannot_be_read_nobody_knows_where_one_stands()
    {
        var world = new LiveWorld { NewestNotification = new NotificationId(30) };
        await world.OpenAsync(Ana);
        await world.CommitAsync(Raised((Ana, 31)));
        world.Source.Forget();
        world.NewestNotification = null;
        await world.TellAsync();
        Assert.Equal("100-5", (await world.OpenAsync(Ana)).Start.ToString());
    }

    [Fact]
    public async Task What_was_raised_while_nobody_listened_is_behind_the_next_start()
    {
        var world = new LiveWorld { NewestNotification = new NotificationId(30) };
        world.Streams.Close(await world.OpenAsync(Ana));
        world.Source.OnCommitted([Raised((Ana, 31))]);

        Assert.Equal("100-5-31", (await world.OpenAsync(Ana)).Start.ToString());
    }

    [Fact]
    public async Task A_slow_reader_holds_so_many_and_one_more_ends_the_stream()
    {
        var world = new LiveWorld(new LiveOptions { WaitingEvents = 4 })
        {
            NewestNotification = new NotificationId(30),
        };
        var ana = await world.OpenAsync(Ana);
        // And a sign of life.
        for (var i = 0; i < 3; i++)
        {
            world.Source.OnCommitted([Raised((Ana, 31 + i))]);
        }

        await world.TellAsync();
        Assert.Equal(LiveEnd.None, ana.End);
        await world.CommitAsync(Raised((Ana, 40)));
        Assert.Equal(LiveEnd.Slow, ana.End);
        Assert.Null(ana.Take());
    }

    [Fact]
    public async Task A_flood_for_others_costs_one_place_of_what_is_heard()
    {
        var world = new LiveWorld(mostHeard: 4) { NewestNotification = new NotificationId(30) };
        var ana = await world.OpenAsync(Ana);
        world.Source.OnCommitted([
            Raised([.. Enumerable.Range(0, 500).Select(i => (new AccountId(1000 + i), 31L + i))]),
            Raised((Ana, 600)),
        ]);
        await world.TellAsync();

        Assert.Equal(["Notified 600 at 100-5-600"], Taken(ana));
    }
}
