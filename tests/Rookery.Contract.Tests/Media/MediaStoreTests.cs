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
    private const string Hash = "LEHV6nWB2yk8pyo0adR*.7kCMdnj";

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

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static DateTimeOffset Later => TimeProvider.System.GetUtcNow().AddDays(1);

    private static DateTimeOffset Never => Snowflake.Epoch;

    private static DateTimeOffset BeforeHolds => Snowflake.Epoch;

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
        Assert.Equal((Hash, 600_001), (found.Blurhash, found.Milliseconds));
        Assert.Equal(Owner.Partition, Snowflake.PartitionOf(id.Value));
    }

    [Fact]
    public async Task A_still_picture_is_in_the_row_of_its_video_until_that_is_removed()
    {
        var preview = BlobName.Draw(MediaKind.Png);
        var video = New(10) with { Preview = preview };
        var id = (await Store.ReserveAsync(video, Room, Stop)).Value;
        await Store.KeepAsync(id, Stop);
        Assert.Equal(preview, (await Store.FindAsync(id, Owner, Stop))!.Preview);
        var held = await Store.HoldAsync(Owner, [id], MediaPurpose.Post, Never, Stop);
        Assert.Equal(preview, held[0].Preview);
        Assert.Equal(Owner, await Store.OwnerOfAsync(preview, Stop));
        Assert.Equal(Owner, await Store.OwnerOfAsync(video.Blob, Stop));
        Assert.Null(await Store.OwnerOfAsync(BlobName.Draw(MediaKind.Png), Stop));
        Removable both = new(id, video.Blob, preview);
        Assert.Equal([both], await Store.SomeOfAsync(Owner, 10, Stop));
        Assert.Equal([both], await Store.DropAsync([id], Stop));
        Assert.Equal([both], await Store.SomeGivenUpAsync(Later, 10, Stop));
        await Store.RemoveAsync([id], Stop);
        Assert.Null(await Store.OwnerOfAsync(preview, Stop));
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
        Assert.Null(await DescribeAsync(id, Another, "Mine", null));
        Assert.False(await Store.GiveUpAsync(id, Another, Stop));
        Assert.Equal("A rook", (await Store.FindAsync(id, Owner, Stop))!.Description);
    }

    [Fact]
    public async Task What_is_not_said_anew_stays()
    {
        var id = await KeptAsync();
        await DescribeAsync(id, Owner, "Two rooks", null);
        var moved = await DescribeAsync(id, Owner, null, new FocalPoint(1, 2));
        Assert.Equal(("Two rooks", new FocalPoint(1, 2)), (moved!.Description, moved.Focus));
        Assert.Equal(moved, await Store.FindAsync(id, Owner, Stop));
        Assert.Equal("", (await DescribeAsync(id, Owner, "", null))!.Description);
        var hashed = await Store.DescribeAsync(
            id,
            Owner,
            new MediaText(null, null, ""),
            BeforeHolds,
            Stop
        );
        Assert.Equal(moved! with { Description = "", Blurhash = "" }, hashed);
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
        Assert.Null(await DescribeAsync(id, Owner, "Back", null));
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
        Assert.Equal([storing], await GivenUpAsync(Later));
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
        Assert.Empty(await GivenUpAsync(Never));
        Assert.Empty(await UntakenAsync(Never));
        Assert.Equal([givenUp], await GivenUpAsync(Later));
        Assert.Equal([storing, kept], await UntakenAsync(Later));
        Assert.Equal([kept], await UntakenAsync(Later, above: storing));
        Assert.Equal([storing], await Store.SomeUntakenAsync(Later, Now, default, 1, Stop));
        var one = Assert.Single(await Store.SomeGivenUpAsync(Later, 1, Stop));
        Assert.Equal(MediaKind.Jpeg, one.Blob.Kind);
    }

    [Fact]
    public async Task What_is_held_is_neither_changed_nor_given_up_until_its_hold_has_ended()
    {
        var (held, other) = (await KeptAsync(), await KeptAsync());
        var until = Now.AddMinutes(10);
        Assert.Equal([held], await HoldAsync(until, held));
        // A shorter one takes nothing away.
        await HoldAsync(Now, held);

        Assert.Equal([other], await UntakenAsync(Later));
        foreach (var at in (DateTimeOffset[])[BeforeHolds, Now, until.AddMilliseconds(-1)])
        {
            Assert.Null(await DescribeAsync(held, Owner, "Another", null, at));
            Assert.Empty(await Store.GiveUpFreeAsync([held], at, Stop));
        }

        var after = until.AddMilliseconds(1);
        Assert.Equal([held, other], await UntakenAsync(Later, now: after));
        Assert.Equal(
            "Another",
            (await DescribeAsync(held, Owner, "Another", null, after))?.Description
        );
        var given = await Store.GiveUpFreeAsync([held, other], after, Stop);
        Assert.Equal([held, other], given.Select(one => one.Id).OrderBy(id => id.Value));
        Assert.Empty(await HoldAsync(until, held));
        Assert.Null(await Store.FindAsync(other, Owner, Stop));
    }

    [Fact]
    public async Task Only_ones_own_is_held_and_all_of_it_or_nothing()
    {
        var (mine, storing) = (await KeptAsync(), await ReserveAsync());
        var givenUp = await KeptAsync();
        await Store.GiveUpAsync(givenUp, Owner, Stop);
        foreach (var bad in (MediaId[])[storing, givenUp, new MediaId(1)])
        {
            Assert.Equal([mine], await HoldAsync(Later, mine, bad));
        }

        Assert.Empty(await Store.HoldAsync(Another, [mine], MediaPurpose.Post, Later, Stop));
        Assert.Single(await Store.GiveUpFreeAsync([mine], BeforeHolds, Stop));
    }

    [Fact]
    public async Task What_is_for_a_profile_is_neither_posted_nor_found_as_an_upload_and_takes_room_too()
    {
        var posted = await KeptAsync();
        var picture = New(Quota - 10) with { Purpose = MediaPurpose.Profile };
        var id = (await Store.ReserveAsync(picture, Room, Stop)).Value;
        await Store.KeepAsync(id, Stop);
        Assert.False((await Store.ReserveAsync(New(1), Room, Stop)).Succeeded);
        Assert.Empty(await HoldAsync(Later, id));
        Assert.Null(await Store.FindAsync(id, Owner, Stop));
        Assert.Null(await DescribeAsync(id, Owner, "Another", null));

        var held = await Store.HoldAsync(Owner, [id], MediaPurpose.Profile, Later, Stop);
        Assert.Equal((id, picture.Blob), (Assert.Single(held).Id, held[0].Blob));
        Assert.Empty(await Store.HoldAsync(Owner, [posted], MediaPurpose.Profile, Later, Stop));
        Assert.Empty(await Store.GiveUpFreeAsync([id], Now, Stop));
        Assert.Equal(picture.Blob, Assert.Single(await Store.DropAsync([id], Stop)).Blob);
    }

    [Fact]
    public async Task What_is_taken_is_found_and_takes_room_and_goes_only_when_it_is_dropped()
    {
        var id = await KeptAsync(bytes: Quota);
        await Store.TakeAsync([id], Stop);
        await Store.TakeAsync([id], Stop);
        _database.Reopen();
        Store = new SqlMediaStore(_database.Database);

        Assert.NotNull(await Store.FindAsync(id, Owner, Stop));
        Assert.Equal([id], await HoldAsync(Now, id));
        Assert.False((await Store.ReserveAsync(New(1), Room, Stop)).Succeeded);
        Assert.Empty(await UntakenAsync(Later, now: Later));
        Assert.Empty(await Store.GiveUpFreeAsync([id], Later, Stop));
        Assert.Null(await DescribeAsync(id, Owner, "Another", null, Later));
        Assert.False(await Store.GiveUpAsync(id, Owner, Stop));
        Assert.False(await Store.KeepAsync(id, Stop));

        Assert.Equal(id, Assert.Single(await Store.DropAsync([id], Stop)).Id);
        Assert.Equal(id, Assert.Single(await Store.DropAsync([id], Stop)).Id);
        Assert.Null(await Store.FindAsync(id, Owner, Stop));
        Assert.Equal([id], await GivenUpAsync(Later));
        await Store.RemoveAsync([id], Stop);
        Assert.Empty(await Store.DropAsync([id], Stop));
    }

    [Fact]
    public async Task Of_a_hold_and_a_removal_at_the_same_time_one_comes_first()
    {
        for (var round = 0; round < 20; round++)
        {
            var id = await KeptAsync();
            var holding = HoldAsync(Later, id);
            var giving = Store.GiveUpFreeAsync([id], Now, Stop);
            Assert.NotEqual((await holding).Any(), (await giving).Any());
        }
    }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<IEnumerable<MediaId>> GivenUpAsync(DateTimeOffset uploadedBefore) =>
        (await Store.SomeGivenUpAsync(uploadedBefore, 10, Stop))
            .Select(one => one.Id)
            .OrderBy(id => id.Value);

    private async Task<IReadOnlyList<MediaId>> UntakenAsync(
        DateTimeOffset uploadedBefore,
        DateTimeOffset? now = null,
        MediaId above = default
    ) => await Store.SomeUntakenAsync(uploadedBefore, now ?? Now, above, 10, Stop);

    private async Task<IReadOnlyList<MediaId>> HoldAsync(
        DateTimeOffset until,
        params IReadOnlyList<MediaId> media
    ) =>
        [
            .. (await Store.HoldAsync(Owner, media, MediaPurpose.Post, until, Stop)).Select(one =>
                one.Id
            ),
        ];

    private Task<Medium?> DescribeAsync(
        MediaId id,
        AccountId owner,
        string? description,
        FocalPoint? focus,
        DateTimeOffset? at = null
    ) =>
        Store.DescribeAsync(
            id,
            owner,
            new MediaText(description, focus, null),
            at ?? BeforeHolds,
            Stop
        );

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
            new FocalPoint(250, -500),
            Hash
        )
        {
            Milliseconds = 600_001,
        };
}
