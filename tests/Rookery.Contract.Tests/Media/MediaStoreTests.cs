using Rookery.Adapters.Sql;
using Rookery.Media;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Media;

public sealed class SqliteMediaStoreTests() : MediaStoreContract(new SqliteFile());

public sealed class PostgresMediaStoreTests() : MediaStoreContract(PostgresDatabase.Create());

/// <summary>What every store of uploads promises.</summary>
public abstract class MediaStoreContract : IDisposable
{
    private const long Quota = 1_000;

    private static readonly MediaQuota Room = new(Quota, 100);

    private static readonly AccountId Owner = new(7 << 12);
    private static readonly AccountId Another = new(8 << 12);

    private readonly TestDatabase _database;

    private protected MediaStoreContract(TestDatabase database)
    {
        _database = database;
        Store = new SqlMediaStore(database.Database);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DateTimeOffset Later => TimeProvider.System.GetUtcNow().AddDays(1);

    private static DateTimeOffset Never => Snowflake.Epoch;

    private protected IMediaStore Store { get; private set; }

    [Fact]
    public async Task What_is_being_stored_is_not_found_until_it_is_kept()
    {
        var id = await ReserveAsync();
        Assert.Null(await Store.FindAsync(id, Owner, Stop));
        Assert.True(await Store.KeepAsync(id, Stop));
        var found = await Store.FindAsync(id, Owner, Stop);
        Assert.Equal(
            (id, Owner, 640, 480, "A rook", new FocalPoint(250, -500)),
            (found!.Id, found.Owner, found.Width, found.Height, found.Description, found.Focus)
        );
        Assert.Equal(Owner.Partition, Snowflake.PartitionOf(id.Value));
    }

    [Fact]
    public async Task What_was_kept_is_there_after_a_restart()
    {
        var id = await KeptAsync();
        _database.Reopen();
        Store = new SqlMediaStore(_database.Database);
        Assert.NotNull(await Store.FindAsync(id, Owner, Stop));
    }

    [Fact]
    public async Task Nobody_finds_changes_or_gives_up_what_is_anothers()
    {
        var id = await KeptAsync();
        Assert.Null(await Store.FindAsync(id, Another, Stop));
        Assert.Null(await Store.DescribeAsync(id, Another, "Mine", null, Stop));
        Assert.False(await Store.GiveUpAsync(id, Another, Stop));
        Assert.Equal("A rook", (await Store.FindAsync(id, Owner, Stop))!.Description);
    }

    [Fact]
    public async Task What_is_not_said_anew_stays()
    {
        var id = await KeptAsync();
        await Store.DescribeAsync(id, Owner, "Two rooks", null, Stop);
        var moved = await Store.DescribeAsync(id, Owner, null, new FocalPoint(1, 2), Stop);
        Assert.Equal(("Two rooks", new FocalPoint(1, 2)), (moved!.Description, moved.Focus));
        Assert.Equal(moved, await Store.FindAsync(id, Owner, Stop));
        Assert.Equal("", (await Store.DescribeAsync(id, Owner, "", null, Stop))!.Description);
    }

    [Fact]
    public async Task What_was_given_up_is_found_no_longer_and_takes_no_room()
    {
        var id = await KeptAsync(bytes: Quota);
        var full = await Store.ReserveAsync(New(1), Room, Stop);
        Assert.Equal(ProblemKind.Forbidden, full.Problem!.Kind);
        Assert.True(await Store.GiveUpAsync(id, Owner, Stop));
        Assert.False(await Store.GiveUpAsync(id, Owner, Stop));
        Assert.Null(await Store.FindAsync(id, Owner, Stop));
        Assert.Null(await Store.DescribeAsync(id, Owner, "Back", null, Stop));
        Assert.False(await Store.KeepAsync(id, Stop));
        Assert.Null(await Store.FindAsync(id, Owner, Stop));
        Assert.True((await Store.ReserveAsync(New(Quota), Room, Stop)).Succeeded);
    }

    [Fact]
    public async Task What_was_removed_while_it_was_being_stored_is_not_kept()
    {
        var id = await ReserveAsync();
        await Store.RemoveAsync([id], Stop);
        Assert.False(await Store.KeepAsync(id, Stop));
        Assert.Null(await Store.FindAsync(id, Owner, Stop));
    }

    [Fact]
    public async Task Nothing_is_stored_for_a_closed_owner_any_more()
    {
        var storing = await ReserveAsync();
        var kept = await KeptAsync();
        await Store.CloseAsync(Owner, Stop);
        await Store.CloseAsync(Owner, Stop);
        _database.Reopen();
        Store = new SqlMediaStore(_database.Database);

        var refused = await Store.ReserveAsync(New(1), Room, Stop);
        Assert.Equal(ProblemKind.Unauthenticated, refused.Problem?.Kind);
        Assert.False(await Store.KeepAsync(storing, Stop));
        Assert.Null(await Store.FindAsync(storing, Owner, Stop));
        Assert.Equal([storing], await LapsedAsync(Never, Later));
        // What was there before is for whoever closed it to remove.
        Assert.NotNull(await Store.FindAsync(kept, Owner, Stop));
        Assert.True(
            (await Store.ReserveAsync(New(1) with { Owner = Another }, Room, Stop)).Succeeded
        );
    }

    [Fact]
    public async Task An_account_has_as_many_uploads_as_it_may()
    {
        var two = Room with { Files = 2 };
        var id = await KeptAsync();
        Assert.True((await Store.ReserveAsync(New(1), two, Stop)).Succeeded);
        var third = await Store.ReserveAsync(New(1), two, Stop);
        Assert.Equal(ProblemKind.Forbidden, third.Problem!.Kind);
        Assert.Contains("at most 2 uploads", third.Problem.Detail, StringComparison.Ordinal);
        Assert.True(
            (await Store.ReserveAsync(New(1) with { Owner = Another }, two, Stop)).Succeeded
        );
        await Store.GiveUpAsync(id, Owner, Stop);
        Assert.True((await Store.ReserveAsync(New(1), two, Stop)).Succeeded);
    }

    [Fact]
    public async Task One_accounts_room_is_not_anothers()
    {
        await KeptAsync(bytes: Quota);
        var others = await Store.ReserveAsync(New(Quota) with { Owner = Another }, Room, Stop);
        Assert.True(others.Succeeded);
    }

    [Fact]
    public async Task Uploads_at_the_same_time_do_not_go_beyond_the_quota_together()
    {
        var all = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Store.ReserveAsync(New(300), Room, Stop))
        );
        Assert.Equal(3, all.Count(one => one.Succeeded));
    }

    [Fact]
    public async Task All_of_an_account_is_listed_whatever_became_of_it_and_removed()
    {
        var storing = await ReserveAsync();
        var kept = await KeptAsync();
        var givenUp = await KeptAsync();
        await Store.GiveUpAsync(givenUp, Owner, Stop);
        var some = await Store.SomeOfAsync(Owner, 2, Stop);
        Assert.Equal(2, some.Count);
        await Store.RemoveAsync([.. some.Select(one => one.Id)], Stop);
        await Store.RemoveAsync([.. some.Select(one => one.Id)], Stop);
        var rest = await Store.SomeOfAsync(Owner, 10, Stop);
        Assert.Equal(
            new HashSet<MediaId> { storing, kept, givenUp },
            some.Concat(rest).Select(one => one.Id).ToHashSet()
        );
        Assert.Empty(await Store.SomeOfAsync(Another, 10, Stop));
    }

    [Fact]
    public async Task What_lapses_is_listed_with_its_blob()
    {
        var storing = await ReserveAsync();
        var kept = await KeptAsync();
        var givenUp = await KeptAsync();
        await Store.GiveUpAsync(givenUp, Owner, Stop);
        Assert.Empty(await Store.SomeLapsedAsync(Never, Never, 10, Stop));
        Assert.Equal([givenUp], await LapsedAsync(Never, Later));
        Assert.Equal([storing, kept, givenUp], await LapsedAsync(Later, Never));
        var one = Assert.Single(await Store.SomeLapsedAsync(Later, Later, 1, Stop));
        Assert.Equal(MediaKind.Jpeg, one.Blob.Kind);
    }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<IEnumerable<MediaId>> LapsedAsync(
        DateTimeOffset uploaded,
        DateTimeOffset givenUp
    ) =>
        (await Store.SomeLapsedAsync(uploaded, givenUp, 10, Stop))
            .Select(one => one.Id)
            .OrderBy(id => id.Value);

    private async Task<MediaId> ReserveAsync(long bytes = 10) =>
        (await Store.ReserveAsync(New(bytes), Room, Stop)).Value;

    private async Task<MediaId> KeptAsync(long bytes = 10)
    {
        var id = await ReserveAsync(bytes);
        await Store.KeepAsync(id, Stop);
        return id;
    }

    private static NewMedium New(long bytes) =>
        new(
            Owner,
            BlobName.Draw(MediaKind.Jpeg),
            bytes,
            640,
            480,
            "A rook",
            new FocalPoint(250, -500)
        );
}
