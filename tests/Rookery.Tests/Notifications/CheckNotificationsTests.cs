using Microsoft.Extensions.DependencyInjection;
using Rookery.Notifications;
using Rookery.TestKit;
using Rookery.Verification;
using Xunit;

namespace Rookery.Tests.Notifications;

/// <summary>What <c>rookery verify</c> says of notifications and bells.</summary>
public sealed class CheckNotificationsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_stands_for_nothing_is_found_and_removed_and_nothing_else()
    {
        await using var world = await World.CreateAsync(Stop);
        var (alice, bob) = (world.Alice, world.Bob);
        var mine = new PostId(
            (await alice.PostAsync("mine @carol", Stop)).Require(201).Id("tweet_id")
        );
        (await bob.MarkAsync("like", mine, Stop)).Require(200);
        (await bob.MarkAsync("repost", mine, Stop)).Require(200);
        (await bob.PostAsync("yes", Stop, inReplyTo: mine)).Require(201);
        await world.GiveRoleAsync("carol", "moderator", Stop);
        (await alice.ReportAsync(world.Star.Id, [], "", Stop)).Require(200);
        (await alice.EditProfileAsync(new { locked = true }, Stop)).Require(200);
        (await world.Star.RelateAsync("follow", alice.Id, Stop)).Require(200);
        await world.SuspendAsync(bob.Id, Stop);
        await world.SettleAsync(Stop);
        var right = await RunAsync(world, "notifications", repair: false);
        Assert.True(right.Compared >= 10, $"only {right.Compared} were compared");
        Assert.Equal(0, right.Different);

        var store = world.Server.Services.GetRequiredService<INotificationStore>();
        var strange = new[]
        {
            new NotificationKey(alice.Id, NotificationKind.Like, world.Carol.Id, mine),
            new NotificationKey(alice.Id, NotificationKind.Repost, world.Carol.Id, mine),
            new NotificationKey(alice.Id, NotificationKind.Follow, world.Star.Id, default),
            new NotificationKey(alice.Id, NotificationKind.Mention, bob.Id, new PostId(77)),
            new NotificationKey(alice.Id, NotificationKind.Reply, bob.Id, mine),
            new NotificationKey(alice.Id, NotificationKind.Status, bob.Id, mine),
            new NotificationKey(alice.Id, NotificationKind.Like, new AccountId(77), mine),
            new NotificationKey(alice.Id, NotificationKind.FollowRequest, world.Carol.Id, default),
            new NotificationKey(
                alice.Id,
                NotificationKind.Report,
                world.Carol.Id,
                NotificationKey.About(77)
            ),
            new NotificationKey(
                alice.Id,
                NotificationKind.Moderation,
                alice.Id,
                NotificationKey.About(77)
            ),
        };
        await store.ApplyPartAsync(
            new NotifyingEvent(
                1,
                null,
                [.. strange.Select(key => new NotificationChange(key, true))]
            ),
            Stop
        );
        Assert.Equal(10, (await RunAsync(world, "notifications", repair: false)).Different);
        var repaired = await RunAsync(world, "notifications", repair: true);
        Assert.Equal((10, 10), (repaired.Different, repaired.Repaired));
        var after = await RunAsync(world, "notifications", repair: false);
        Assert.Equal((right.Compared, 0), (after.Compared, after.Different));
    }

    [Fact]
    public async Task A_bell_without_its_follow_is_found_and_removed()
    {
        await using var world = await World.CreateAsync(Stop);
        var store = world.Server.Services.GetRequiredService<IBellStore>();
        await store.RingAsync(new Bell(world.Alice.Id, world.Bob.Id), 1, Stop);
        await store.RingAsync(new Bell(world.Bob.Id, world.Alice.Id), 1, Stop);
        // One that waits for an answer keeps his.
        (await world.Carol.EditProfileAsync(new { locked = true }, Stop)).Require(200);
        (await world.Bob.RelateAsync("follow", world.Carol.Id, Stop)).Require(200);
        await store.RingAsync(new Bell(world.Carol.Id, world.Bob.Id), 1, Stop);
        var found = await RunAsync(world, "bells against follows", repair: true);
        Assert.Equal((3, 1, 1), (found.Compared, found.Different, found.Repaired));
        var after = await RunAsync(world, "bells against follows", repair: false);
        Assert.Equal((2, 0), (after.Compared, after.Different));
    }

    private static Task<CheckReport> RunAsync(World world, string name, bool repair) =>
        world
            .Server.Services.GetServices<ICheck>()
            .Single(check => check.Name == name)
            .RunAsync(repair, Stop);
}
