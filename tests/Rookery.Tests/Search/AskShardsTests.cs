using Microsoft.Extensions.Options;
using Rookery.Search;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Search;

/// <summary>Which processes of a shard are asked, and what their answers make together.</summary>
public sealed class AskShardsTests
{
    private static readonly ShardQuestion _question = ShardQuestion.Of("word", null, new Page(5));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_process_of_every_other_shard_is_asked_and_they_take_turns()
    {
        var (own, left, right, third) = (Whole(1), Whole(2), Whole(3), Whole(4));
        var shards = Shards([own], [left, right], [third]);
        for (var i = 0; i < 4; i++)
        {
            var (answers, isPartial) = await AskAsync(shards);
            Assert.Equal(2, answers.Count);
            Assert.False(isPartial);
        }

        Assert.Equal((0, 4, 4), (own.Asked, left.Asked + right.Asked, third.Asked));
        Assert.InRange(left.Asked, 1, 3);
    }

    [Fact]
    public async Task Where_one_takes_long_another_is_asked_too_and_the_first_is_given_up()
    {
        var slow = new Shard(async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return Answer(9);
        });
        var quick = Whole(2);
        var shards = Shards([Whole(1)], [slow, quick]);
        for (var i = 0; i < 4; i++)
        {
            var (answers, isPartial) = await AskAsync(shards);
            Assert.Equal([new PostId(2)], Assert.Single(answers).Ids);
            Assert.False(isPartial);
        }

        Assert.Equal(4, quick.Asked);
        Assert.Equal(slow.Asked, slow.GivenUp);
    }

    [Fact]
    public async Task One_that_was_silent_is_left_alone_for_a_moment_and_then_asked_again()
    {
        var (time, answers) = (new FakeTime(), false);
        var hung = new Shard(token =>
        {
            if (answers)
            {
                return Task.FromResult(Answer(2));
            }

            // As long as a door is patient.
            time.Advance(TimeSpan.FromSeconds(2));
            throw new StoreUnavailableException("silent");
        });
        var shards = Shards(time, true, [Whole(1)], [hung]);
        for (var i = 0; i < 9; i++)
        {
            Assert.True((await AskAsync(shards)).IsPartial);
        }

        Assert.Equal(1, hung.Asked);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True((await AskAsync(shards)).IsPartial);
        Assert.True((await AskAsync(shards)).IsPartial);
        Assert.Equal(2, hung.Asked);

        answers = true;
        Assert.True((await AskAsync(shards)).IsPartial);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.False((await AskAsync(shards)).IsPartial);
        Assert.False((await AskAsync(shards)).IsPartial);
    }

    [Fact]
    public async Task Where_one_fails_or_has_not_read_everything_the_other_answers_for_it()
    {
        var failing = new Shard(_ => throw new StoreUnavailableException("gone"));
        var begun = new Shard(_ => Task.FromResult(Answer(7) with { IsWhole = false }));
        foreach (var poor in (Shard[])[failing, begun])
        {
            var shards = Shards([Whole(1)], [poor, Whole(2)]);
            for (var i = 0; i < 2; i++)
            {
                var (answers, isPartial) = await AskAsync(shards);
                Assert.Equal([new PostId(2)], Assert.Single(answers).Ids);
                Assert.False(isPartial);
            }
        }

        var rest = await AskAsync(Shards([Whole(1)], [failing, begun]));
        Assert.Equal([new PostId(7)], Assert.Single(rest.Answers).Ids);
        Assert.True(rest.IsPartial);
        var none = await AskAsync(Shards([Whole(1)], [failing]));
        Assert.Empty(none.Answers);
        Assert.True(none.IsPartial);
    }

    [Fact]
    public async Task Until_this_process_has_read_everything_the_others_of_its_shard_answer_for_it()
    {
        var own = Whole(1);
        var shards = Shards(isWhole: false, [own, Whole(5)], [Whole(2)]);
        Assert.True(shards.HaveStandIn);
        var (answers, isPartial) = await AskAsync(shards);
        Assert.Equal(2, answers.Count);
        Assert.False(isPartial);
        Assert.True((await AskAsync(Shards(isWhole: false, [own], [Whole(2)]))).IsPartial);
    }

    [Fact]
    public async Task An_index_that_is_not_divided_asks_nobody()
    {
        var (answers, isPartial) = await AskAsync(Shards());
        Assert.Empty(answers);
        Assert.False(isPartial);
        Assert.True((await AskAsync(Shards(isWhole: false))).IsPartial);
    }

    [Fact]
    public void Posts_go_to_all_shards_alike()
    {
        var layout = new ShardLayout(
            Options.Create(new SearchOptions { Shards = "http://a;http://b;http://c", Shard = 2 })
        );
        var owned = Enumerable
            .Range(0, 30_000)
            .Count(i => layout.Owns(new PostId(Snowflake.Compose(i, 0, 0, 0))));
        Assert.InRange(owned, 9_500, 10_500);
    }

    private static Task<FromShards<ShardAnswer>> AskAsync(AskShards shards) =>
        shards.AskAsync((shard, stop) => shard.FindAsync(_question, stop), Stop);

    private static AskShards Shards(params Shard[][] replicas) => Shards(true, replicas);

    private static AskShards Shards(bool isWhole, params Shard[][] replicas) =>
        Shards(TimeProvider.System, isWhole, replicas);

    private static AskShards Shards(TimeProvider time, bool isWhole, params Shard[][] replicas)
    {
        var options = Options.Create(
            new SearchOptions
            {
                Shards = string.Join(
                    ';',
                    replicas.Select(
                        (shard, i) => string.Join(',', shard.Select((_, j) => $"{i}.{j}"))
                    )
                ),
                Shard = replicas.Length > 0 ? 1 : 0,
                HedgeMilliseconds = 20,
                WordBytes = 1 << 20,
            }
        );
        var index = new SearchIndex(options);
        if (isWhole)
        {
            index.Use(index.Begin());
        }

        return new AskShards(new ShardLayout(options), new Doors(replicas), index, options, time);
    }

    private static ShardAnswer Answer(long post) => new([new PostId(post)], null, 1, true);

    private static Shard Whole(long post) => new(_ => Task.FromResult(Answer(post)));

    private sealed class Doors(Shard[][] replicas) : IShardDoors
    {
        public ISearchShard At(string url) => replicas[url[0] - '0'][url[2] - '0'];
    }

    private sealed class Shard(Func<CancellationToken, Task<ShardAnswer>> answer) : ISearchShard
    {
        private int _asked;
        private int _givenUp;

        public int Asked => Volatile.Read(ref _asked);

        public int GivenUp => Volatile.Read(ref _givenUp);

        public async ValueTask<ShardAnswer> FindAsync(
            ShardQuestion question,
            CancellationToken token
        )
        {
            Interlocked.Increment(ref _asked);
            await using var given = token.Register(() => Interlocked.Increment(ref _givenUp));
            return await answer(token);
        }

        public ValueTask<HashtagsAnswer> HashtagsAsync(
            HashtagsQuestion question,
            CancellationToken token
        ) => throw new NotSupportedException();

        public ValueTask<WordsAnswer> WordsAsync(WordsQuestion question, CancellationToken token) =>
            throw new NotSupportedException();
    }
}
