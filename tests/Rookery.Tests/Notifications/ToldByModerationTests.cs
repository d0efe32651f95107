using System.Text.Json;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Notifications;

/// <summary>What moderators are told, and what members are told of them.</summary>
public sealed class ToldByModerationTests : IAsyncLifetime
{
    private World _world = null!;
    private ClassicClient _ana = null!;
    private ClassicClient _bob = null!;
    private ClassicClient _mod = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.EmptyAsync(Stop);
        _ana = await _world.SignUpAsync("ana", Stop);
        _bob = await _world.SignUpAsync("bob", Stop);
        _mod = await _world.SignUpAsync("mod", Stop);
        await _world.GiveRoleAsync("mod", "moderator", Stop);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_report_is_told_to_moderators_with_what_it_says_and_once()
    {
        for (var time = 0; time < 2; time++)
        {
            (await _ana.ReportAsync(_bob.Id, [], "Nothing but pears.", Stop)).Require(200);
        }

        await _world.SettleAsync(Stop);
        var told = Assert.Single(await Client(_mod).ListAsync(Stop));
        Assert.Equal("admin.report", told.GetProperty("type").GetString());
        Assert.Equal("ana", told.GetProperty("account").GetProperty("username").GetString());
        AssertReport(told.GetProperty("report"));
        var group = Assert.Single(await Client(_mod).GroupsAsync(Stop));
        AssertReport(group.GetProperty("report"));
        Assert.Equal(JsonValueKind.Null, group.GetProperty("status_id").ValueKind);
        Assert.Equal(1, await Client(_mod).UnreadAsync(Stop));
        var id = told.GetProperty("id").GetString();
        (await Client(_mod).GetAsync($"/api/v1/notifications/{id}", Stop)).Require(200);
        Assert.Empty(await Client(_mod).ListAsync(Stop, "exclude_types[]=admin.report"));
        Assert.Single(await Client(_mod).ListAsync(Stop, "types[]=admin.report"));
        Assert.Empty(await Client(_bob).ListAsync(Stop));
        Assert.Empty(await Client(_ana).ListAsync(Stop));
    }

    [Fact]
    public async Task Who_is_no_moderator_any_more_is_told_of_no_report()
    {
        (await _ana.ReportAsync(_bob.Id, [], "pears", Stop)).Require(200);
        await _world.SettleAsync(Stop);
        var id = Assert.Single(await Client(_mod).ListAsync(Stop)).GetProperty("id").GetString();
        await _world.GiveRoleAsync("mod", "member", Stop);
        Assert.Empty(await Client(_mod).ListAsync(Stop));
        Assert.Empty(await Client(_mod).GroupsAsync(Stop));
        Assert.Equal(0, await Client(_mod).UnreadAsync(Stop));
        Assert.Equal(
            404,
            (await Client(_mod).GetAsync($"/api/v1/notifications/{id}", Stop)).Status
        );
        Assert.Equal(
            404,
            (await Client(_mod).GetAsync($"/api/v2/notifications/ungrouped-{id}", Stop)).Status
        );
    }

    [Fact]
    public async Task A_report_that_is_gone_with_an_account_is_told_no_longer()
    {
        (await _ana.ReportAsync(_bob.Id, [], "pears", Stop)).Require(200);
        (await _bob.ReportAsync(_ana.Id, [], "plums", Stop)).Require(200);
        await _world.SettleAsync(Stop);
        Assert.Equal(2, (await Client(_mod).ListAsync(Stop)).Count);
        (await _bob.DeleteAccountAsync(Stop)).Require(200);
        Assert.Empty(await Client(_mod).ListAsync(Stop));
        await _world.SettleAsync(Stop);
        Assert.Empty(await Client(_mod).ListAsync(Stop));
    }

    [Fact]
    public async Task Who_was_suspended_is_told_when_that_is_over()
    {
        await _world.SuspendAsync(_bob.Id, Stop);
        await _world.SettleAsync(Stop);
        await _world.LiftAsync(_bob.Id, Stop);
        var (_, again) = await _bob.LogInAsync(_world.Server.Http, Stop);
        var told = Assert.Single(await Client(again!).ListAsync(Stop));
        Assert.Equal("moderation_warning", told.GetProperty("type").GetString());
        Assert.Equal("bob", told.GetProperty("account").GetProperty("username").GetString());
        var warning = told.GetProperty("moderation_warning");
        Assert.Equal("suspend", warning.GetProperty("action").GetString());
        // Why is for moderators.
        Assert.Equal("", warning.GetProperty("text").GetString());
        var group = Assert.Single(await Client(again!).GroupsAsync(Stop));
        Assert.Equal(
            "bob",
            group
                .GetProperty("moderation_warning")
                .GetProperty("target_account")
                .GetProperty("username")
                .GetString()
        );
        await _world.SuspendAsync(_bob.Id, Stop);
        await _world.LiftAsync(_bob.Id, Stop);
        await _world.SettleAsync(Stop);
        (_, again) = await _bob.LogInAsync(_world.Server.Http, Stop);
        Assert.Equal(2, (await Client(again!).ListAsync(Stop)).Count);
    }

    private static void AssertReport(JsonElement report)
    {
        Assert.Equal("Nothing but pears.", report.GetProperty("comment").GetString());
        Assert.Equal(
            "bob",
            report.GetProperty("target_account").GetProperty("username").GetString()
        );
        Assert.False(report.GetProperty("action_taken").GetBoolean());
    }

    private NotifiedClient Client(ClassicClient person) => new(_world.Server.Http, person.Token);
}
