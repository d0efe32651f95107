using Microsoft.Extensions.Options;
using Rookery.Adapters.Sql;
using Rookery.Notifications;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Notifications;

public sealed class SqliteNotificationMailStoreTests()
    : NotificationMailStoreContract(new SqliteFile());

public sealed class PostgresNotificationMailStoreTests()
    : NotificationMailStoreContract(PostgresDatabase.Create());

/// <summary>What every store of mails of notifications promises.</summary>
public abstract class NotificationMailStoreContract : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TestDatabase _database;
    private readonly SqlNotificationStore _notifications;
    private readonly SqlReaderStore _readers;
    private readonly AccountId _me = Fresh.Account();
    private readonly AccountId _ana = Fresh.Account();
    private long _sequence = 1_000;

    private protected NotificationMailStoreContract(TestDatabase database)
    {
        _database = database;
        Store = new SqlNotificationMailStore(database.Database);
        _readers = new SqlReaderStore(database.Database);
        _notifications = new SqlNotificationStore(
            database.Database,
            Options.Create(new NotificationsOptions())
        );
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Later than what the store calls now.</summary>
    private static DateTimeOffset Soon => TimeProvider.System.GetUtcNow() + (2 * Hour);

    private protected INotificationMailStore Store { get; }

    [Fact]
    public async Task What_is_raised_raises_a_mail_as_its_recipient_chose()
    {
        await RaiseAsync(NotificationKind.Like, _ana);
        Assert.Empty(await MineAsync());
        await RaiseAsync(NotificationKind.Follow, _ana);
        var digest = Assert.Single(await MineAsync());
        Assert.Equal(
            new NotificationMail(
                _me,
                NotificationMailForm.Digest,
                await NewestAsync(),
                default,
                "",
                NotificationMailStage.Raised
            ),
            digest
        );
        await ChooseAsync(NotificationKind.Like, NotificationChannel.Mail, true);
        await ChooseAsync(NotificationKind.Follow, NotificationChannel.Digest, false);
        await Store.DropAsync(digest, Stop);
        await RaiseAsync(NotificationKind.Follow, Fresh.Account());
        Assert.Empty(await MineAsync());
        await RaiseAsync(NotificationKind.Like, Fresh.Account());
        var first = Assert.Single(await MineAsync());
        Assert.Equal(NotificationMailForm.AtOnce, first.Form);
        // What comes before it is sent is told in it.
        await RaiseAsync(NotificationKind.Like, Fresh.Account());
        Assert.Equal([first], await MineAsync());
    }

    [Fact]
    public async Task Of_many_that_are_raised_together_the_first_is_the_first()
    {
        var fans = Fresh.Accounts(20);
        await _notifications.ApplyAsync(
            "notifications",
            [
                .. fans.Select(fan => new NotifyingEvent(
                    ++_sequence,
                    null,
                    [new(new(_me, NotificationKind.Follow, fan, default), true)]
                )),
            ],
            Stop
        );
        var all = await _notifications.ListAsync(_me, NotificationFilter.All, new Page(99), Stop);
        Assert.Equal(20, all.Count);
        Assert.Equal(all[^1].Id, Assert.Single(await MineAsync()).First);
    }

    [Fact]
    public async Task It_goes_from_raised_to_planned_to_ordered_and_each_step_once()
    {
        var raised = await RaisedAsync();
        Assert.False(await Store.OpenAsync(raised, Soon, Stop));
        var at = TimeProvider.System.GetUtcNow() + (4 * Hour);
        await Store.PlanAsync(raised, at, "2026-11-30", Stop);
        await Store.PlanAsync(raised, at - (9 * Hour), "2026-12-01", Stop);
        Assert.Empty(await MineAsync());
        var planned = Assert.Single(await MineAsync(at));
        Assert.Equal(
            (NotificationMailStage.Planned, "2026-11-30"),
            (planned.Stage, planned.Period)
        );
        Assert.True(await Store.OpenAsync(planned, at, Stop));
        Assert.False(await Store.OpenAsync(planned, at, Stop));
        Assert.Equal(["2026-11-30"], await Store.PeriodsAsync(_me, Stop));
        Assert.Equal(NotificationMailStage.Ordered, Assert.Single(await MineAsync(at)).Stage);
        await Store.PutOffAsync(planned, at + Hour, Stop);
        Assert.Single(await MineAsync(at));
        await Store.PutOffAsync((await MineAsync(at))[0], at + Hour, Stop);
        Assert.Empty(await MineAsync(at));
        await Store.ReplanAsync(_me, Stop);
        Assert.Empty(await MineAsync(at));
    }

    [Fact]
    public async Task A_period_has_one_digest_and_a_second_is_raised_anew()
    {
        var first = await OrderedAsync("2026-11-30");
        await Store.EndAsync(_me, first.Form, first.First, Stop);
        Assert.Empty(await MineAsync());
        var second = await RaisedAsync();
        await Store.PlanAsync(second, Soon, "2026-11-30", Stop);
        var planned = Assert.Single(await MineAsync());
        Assert.False(await Store.OpenAsync(planned, Soon, Stop));
        Assert.Equal(second, Assert.Single(await MineAsync()));
        await Store.PlanAsync(second, Soon, "2026-12-01", Stop);
        Assert.True(await Store.OpenAsync((await MineAsync())[0], Soon, Stop));
        Assert.Equal(["2026-11-30", "2026-12-01"], (await Store.PeriodsAsync(_me, Stop)).Order());
    }

    [Fact]
    public async Task What_is_sealed_tells_of_the_same_until_it_surely_did_not_arrive()
    {
        var mail = await OrderedAsync("2026-11-30");
        Assert.Null(await Store.SealAsync(_me, NotificationMailForm.AtOnce, mail.First, Stop));
        Assert.Null(await Store.SealAsync(_me, mail.Form, new(mail.First.Value + 1), Stop));
        Assert.Equal(mail.First, await SealAsync(mail));
        await RaiseAsync(NotificationKind.Mention, Fresh.Account());
        Assert.Equal(mail.First, await SealAsync(mail));
        await Store.UnsealAsync(_me, mail.Form, mail.First, Stop);
        Assert.Equal(await NewestAsync(), await SealAsync(mail));
    }

    [Fact]
    public async Task What_was_raised_behind_the_last_that_was_told_is_told_in_the_next()
    {
        var mail = await OrderedAsync("2026-11-30");
        await SealAsync(mail);
        await RaiseAsync(NotificationKind.Mention, Fresh.Account());
        var next = await NewestAsync();
        await RaiseAsync(NotificationKind.Mention, Fresh.Account());
        await Store.EndAsync(_me, mail.Form, new(mail.First.Value + 1), Stop);
        Assert.Equal(NotificationMailStage.Ordered, Assert.Single(await MineAsync()).Stage);
        await Store.EndAsync(_me, mail.Form, mail.First, Stop);
        await Store.EndAsync(_me, mail.Form, mail.First, Stop);
        Assert.Equal(
            mail with
            {
                First = next,
                Through = default,
                Period = "",
                Stage = NotificationMailStage.Raised,
            },
            Assert.Single(await MineAsync())
        );
    }

    [Fact]
    public async Task With_the_reader_all_of_it_goes()
    {
        await OrderedAsync("2026-11-30");
        await Store.RemoveAsync(_me, Stop);
        Assert.Empty(await MineAsync());
        Assert.Empty(await Store.PeriodsAsync(_me, Stop));
    }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<NotificationMail> RaisedAsync()
    {
        await RaiseAsync(NotificationKind.Follow, Fresh.Account());
        return Assert.Single(await MineAsync());
    }

    private async Task<NotificationMail> OrderedAsync(string period)
    {
        await Store.PlanAsync(await RaisedAsync(), Soon - Hour, period, Stop);
        Assert.True(await Store.OpenAsync((await MineAsync())[0], Soon - Hour, Stop));
        return (await MineAsync())[0];
    }

    private Task<NotificationId?> SealAsync(NotificationMail mail) =>
        Store.SealAsync(_me, mail.Form, mail.First, Stop);

    private async Task<IReadOnlyList<NotificationMail>> MineAsync(DateTimeOffset? at = null) =>
        [.. (await Store.DueAsync(at ?? Soon, 9_999, Stop)).Where(mail => mail.Account == _me)];

    private async Task<NotificationId> NewestAsync() =>
        (await _notifications.ListAsync(_me, NotificationFilter.All, new Page(1), Stop))[0].Id;

    private Task<int> RaiseAsync(NotificationKind kind, AccountId actor) =>
        _notifications.ApplyAsync(
            "notifications",
            [
                new NotifyingEvent(
                    ++_sequence,
                    null,
                    [new(new(_me, kind, actor, default), Stands: true)]
                ),
            ],
            Stop
        );

    private Task ChooseAsync(NotificationKind kind, NotificationChannel channel, bool isOn) =>
        _readers.ChooseAsync(_me, [new NotificationChoice(kind, channel, isOn)], Stop);
}
