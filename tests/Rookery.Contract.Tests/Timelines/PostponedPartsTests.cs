using Rookery.Adapters.Sql;
using Rookery.TestKit;
using Rookery.Timelines;
using Xunit;

namespace Rookery.Contract.Tests.Timelines;

public abstract class PostponedPartsContract
{
    protected abstract IPostponedParts Parts { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_part_that_is_noted_again_lacks_from_the_first_to_the_last()
    {
        await Parts.NoteAsync([new("0-9", 5, 6), new("10-99", 6, 6)], Stop);
        await Parts.NoteAsync([new("0-9", 3, 4)], Stop);
        await Parts.NoteAsync([new("0-9", 8, 9)], Stop);
        Assert.Equal(
            [new PostponedPart("0-9", 3, 9), new("10-99", 6, 6)],
            await Parts.AllAsync(Stop)
        );
    }

    [Fact]
    public async Task What_was_made_up_is_settled()
    {
        await Parts.NoteAsync([new("0-9", 5, 6), new("10-99", 6, 6)], Stop);
        Assert.True(await Parts.SettleAsync(new("0-9", 5, 6), Stop));
        Assert.Equal([new PostponedPart("10-99", 6, 6)], await Parts.AllAsync(Stop));
        Assert.False(await Parts.SettleAsync(new("0-9", 5, 6), Stop));
    }

    [Fact]
    public async Task Events_of_two_outboxes_are_told_apart()
    {
        PostponedPart one = new("0-9", 5, 6) { Outbox = "a" };
        PostponedPart other = new("0-9", 7, 8) { Outbox = "b" };
        await Parts.NoteAsync([one], Stop);
        await Parts.NoteAsync([other], Stop);
        Assert.Equal([one, other], await Parts.AllAsync(Stop));
        Assert.True(await Parts.SettleAsync(one, Stop));
        Assert.Equal([other], await Parts.AllAsync(Stop));
    }

    [Theory, InlineData(4L, 4L), InlineData(7L, 7L)]
    public async Task What_has_grown_meanwhile_stays(long first, long last)
    {
        await Parts.NoteAsync([new("0-9", 5, 6)], Stop);
        var seen = Assert.Single(await Parts.AllAsync(Stop));
        await Parts.NoteAsync([new("0-9", first, last)], Stop);
        Assert.False(await Parts.SettleAsync(seen, Stop));
        Assert.Single(await Parts.AllAsync(Stop));
    }
}

public sealed class MemoryPostponedPartsTests : PostponedPartsContract
{
    protected override IPostponedParts Parts { get; } = new MemoryPostponedParts();
}

public sealed class SqlitePostponedPartsTests() : SqlPostponedPartsTests(new SqliteFile());

public sealed class PostgresPostponedPartsTests()
    : SqlPostponedPartsTests(PostgresDatabase.Create(null));

public abstract class SqlPostponedPartsTests : PostponedPartsContract, IDisposable
{
    private readonly TestDatabase _database;

    private protected SqlPostponedPartsTests(TestDatabase database)
    {
        _database = database;
        Parts = new SqlPostponedParts(database.Database);
    }

    protected override IPostponedParts Parts { get; }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }
}
