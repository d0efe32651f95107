using Rookery.Adapters.Sql;
using Rookery.Notifications;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Notifications;

public sealed class SqliteReaderStoreTests() : ReaderStoreContract(new SqliteFile());

public sealed class PostgresReaderStoreTests() : ReaderStoreContract(PostgresDatabase.Create());

/// <summary>What every store of what readers say promises.</summary>
public abstract class ReaderStoreContract : IDisposable
{
    private readonly TestDatabase _database;
    private readonly AccountId _me = Fresh.Account();

    private protected ReaderStoreContract(TestDatabase database)
    {
        _database = database;
        Store = new SqlReaderStore(database.Database);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected IReaderStore Store { get; }

    [Fact]
    public async Task A_marker_is_set_by_who_knows_its_version_and_by_nobody_else()
    {
        var home = new Marker(MarkedTimeline.Home, 77, 0, default);
        var first = Assert.Single((await Store.MarkAsync(_me, [home], Stop))!);
        Assert.Equal((77, 1), (first.LastRead, first.Version));
        Assert.Null(await Store.MarkAsync(_me, [home], Stop));
        var told = new Marker(MarkedTimeline.Notifications, 5, 0, default);
        // All or none.
        Assert.Null(await Store.MarkAsync(_me, [told, home], Stop));
        Assert.Equal([first], await Store.MarkersAsync(_me, Stop));
        var both = await Store.MarkAsync(_me, [first with { LastRead = 78 }, told], Stop);
        Assert.Equal([2, 1], both!.Select(marker => marker.Version));
        Assert.Equal(both, (await Store.MarkersAsync(_me, Stop)).OrderBy(one => one.Timeline));
        Assert.Empty(await Store.MarkersAsync(Fresh.Account(), Stop));
    }

    [Fact]
    public async Task What_was_chosen_last_counts_and_what_an_account_said_goes_with_it()
    {
        var choice = new NotificationChoice(NotificationKind.Like, NotificationChannel.App, false);
        await Store.ChooseAsync(_me, [choice], Stop);
        Assert.Equal([choice], await Store.ChoicesAsync(_me, Stop));
        await Store.ChooseAsync(
            _me,
            [choice with { IsOn = true }, choice with { Kind = NotificationKind.Follow }],
            Stop
        );
        Assert.Equal(
            [choice with { Kind = NotificationKind.Follow }, choice with { IsOn = true }],
            (await Store.ChoicesAsync(_me, Stop)).OrderBy(one => one.Kind)
        );
        await Store.MarkAsync(_me, [new Marker(MarkedTimeline.Home, 1, 0, default)], Stop);
        await Store.RemoveAsync(_me, Stop);
        Assert.Empty(await Store.ChoicesAsync(_me, Stop));
        Assert.Empty(await Store.MarkersAsync(_me, Stop));
    }

    [Fact]
    public async Task Hours_are_kept_as_they_were_said_last_and_go_with_the_account()
    {
        var hours = new ReaderHours("Europe/Berlin", new(22, 30), new(7, 0), DayOfWeek.Sunday, 23);
        Assert.Empty(await HoursAsync());
        await Store.KeepHoursAsync(_me, ReaderHours.Unchosen, Stop);
        Assert.Equal(ReaderHours.Unchosen, (await HoursAsync())[_me]);
        await Store.KeepHoursAsync(_me, hours, Stop);
        var found = Assert.Single(await HoursAsync());
        Assert.Equal((_me, hours), (found.Key, found.Value));
        await Store.RemoveAsync(_me, Stop);
        Assert.Empty(await HoursAsync());

        ValueTask<IReadOnlyDictionary<AccountId, ReaderHours>> HoursAsync() =>
            Store.HoursAsync(new[] { Fresh.Account(), _me }, Stop);
    }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }
}
