using FsCheck;
using FsCheck.Fluent;
using Rookery.Timelines;
using Xunit;

namespace Rookery.Contract.Tests.Timelines;

/// <summary>What every store of pushed timelines promises.</summary>
public abstract class TimelineStoreContract
{
    private const int Histories = 100;

    private readonly AccountId _owner = Fresh.Account();
    private readonly AccountId _author = Fresh.Account();
    private readonly TimelineTruth _truth = new(owners: 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TimelineRig Rig => field ??= Open();

    private ITimelineStore Store => Rig.Store;

    protected abstract TimelineRig Open();

    [Fact]
    public void Pages_equal_the_truth_whatever_arrives_is_dropped_rebuilt_trimmed_or_lost()
    {
        var claims = 0;
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Histories),
            Prop.ForAll(
                TimelineStep.Histories,
                async steps =>
                {
                    var history = new TimelineHistory(Open());
                    await history.PlayAsync(steps);
                    claims += history.Claims;
                }
            )
        );
        Assert.True(claims > Histories, $"Only {claims} parts claimed to be complete.");
    }

    [Fact]
    public async Task A_push_makes_no_timeline()
    {
        await PushAsync(Posted(5));
        Assert.Equal(TimelinePart.None, await ReadAsync());
        Assert.DoesNotContain(_owner, await OwnersAsync());
    }

    [Fact]
    public async Task A_rebuild_puts_truth_under_what_was_pushed_meanwhile_each_id_once()
    {
        var old = Posted(4);
        var rebuild = await BeginAsync();
        var young = Posted(2);
        await PushAsync([young[1], old[0], young[0], young[1]]);
        Assert.True(await FinishAsync(rebuild, [.. Enumerable.Reverse(old)]));

        var part = await ReadAsync();
        Assert.Equal([young[1], young[0], old[3], old[2], old[1], old[0]], part.Entries);
        Assert.Equal(default(PostId), part.CompleteAbove);
        Assert.Contains(_owner, await OwnersAsync());
    }

    [Fact]
    public async Task While_it_is_built_nothing_is_known_to_be_complete_and_nobody_else_builds_it()
    {
        var rebuild = await BeginAsync();
        await PushAsync(Posted(3));
        Assert.Null((await ReadAsync()).CompleteAbove);
        Assert.Null(await Store.BeginRebuildAsync(_owner, Token));
        Assert.DoesNotContain(_owner, await OwnersAsync());

        Assert.True(await FinishAsync(rebuild, []));
        Assert.Null(await Store.BeginRebuildAsync(_owner, Token));
        Assert.False(await FinishAsync(rebuild, Posted(1)));
        Assert.Equal(3, (await ReadAsync()).Entries.Count);
    }

    [Fact]
    public async Task A_drop_takes_the_timeline_away_and_leaves_others()
    {
        var other = Fresh.Account();
        await FinishAsync(await BeginAsync(), []);
        var others = (await Store.BeginRebuildAsync(other, Token))!.Value;
        Assert.True(await Store.FinishRebuildAsync(other, others, [], default, Token));
        await Store.DropAsync(new[] { _owner, Fresh.Account() }, Token);
        await Store.PushAsync(new[] { _owner, other }, Posted(1)[0], Token);

        Assert.Equal(TimelinePart.None, await ReadAsync());
        Assert.Single((await Store.ReadAsync(other, 9, Token)).Entries);
        Assert.NotNull(await Store.BeginRebuildAsync(_owner, Token));
    }

    [Fact]
    public async Task A_rebuild_that_was_dropped_or_lost_meanwhile_fails_and_changes_nothing()
    {
        var stale = Posted(3);
        var dropped = await BeginAsync();
        await Store.DropAsync(new[] { _owner }, Token);
        Assert.False(await FinishAsync(dropped, stale));
        Assert.Equal(TimelinePart.None, await ReadAsync());

        var lost = await BeginAsync();
        await Rig.LoseAsync(new[] { _owner });
        var valid = await BeginAsync();
        Assert.False(await FinishAsync(dropped, stale));
        Assert.False(await FinishAsync(lost, stale));
        Assert.True(await FinishAsync(valid, []));
        Assert.Empty((await ReadAsync()).Entries);
        Assert.False(await FinishAsync(lost, stale));
        Assert.Empty((await ReadAsync()).Entries);
    }

    [Fact]
    public async Task A_rebuilder_that_died_is_in_nobodys_way_after_a_minute()
    {
        var dead = await BeginAsync();
        await PushAsync(Posted(2));
        await Rig.PassAsync(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(_owner, await OwnersAsync());
        var next = await BeginAsync();
        Assert.False(await FinishAsync(dead, Posted(1)));
        Assert.True(await FinishAsync(next, []));
        Assert.Empty((await ReadAsync()).Entries);
    }

    [Fact]
    public async Task A_timeline_that_nobody_visits_is_gone_after_its_days_and_a_visited_one_stays()
    {
        var visited = Fresh.Account();
        await FinishAsync(await BeginAsync(), []);
        var rebuild = (await Store.BeginRebuildAsync(visited, Token))!.Value;
        await Store.FinishRebuildAsync(visited, rebuild, [], default, Token);
        for (var day = 0; day < TimelineRig.Days; day++)
        {
            await Rig.PassAsync(TimeSpan.FromDays(1));
            Assert.NotNull((await Store.ReadAsync(visited, 9, Token)).CompleteAbove);
        }

        var owners = await OwnersAsync();
        Assert.Contains(visited, owners);
        Assert.DoesNotContain(_owner, owners);
        Assert.Equal(TimelinePart.None, await ReadAsync());
    }

    [Fact]
    public async Task The_oldest_give_way_and_what_is_below_them_is_not_claimed()
    {
        await FinishAsync(await BeginAsync(), []);
        var posts = Posted(10 * TimelineRig.Length);
        await PushAsync(posts);

        var part = await ReadAsync();
        Assert.InRange(part.Entries.Count, TimelineRig.Length, TimelineRig.Length + Rig.Slack);
        Assert.Equal(Enumerable.Reverse(posts).Take(part.Entries.Count), part.Entries);
        Assert.NotNull(part.CompleteAbove);
        Assert.True(part.CompleteAbove >= posts[^(part.Entries.Count + 1)].Post);

        // What comes too late to be kept is not claimed either.
        await PushAsync(posts[..3]);
        part = await ReadAsync();
        Assert.True(part.CompleteAbove >= posts[2].Post || part.Entries.Contains(posts[2]));
    }

    [Fact]
    public async Task A_part_that_was_cut_short_claims_no_more_than_the_whole()
    {
        // The floor that truth has is above what arrives late.
        var late = Posted(3);
        var rows = Posted(3);
        var rebuild = await BeginAsync();
        await PushAsync(late);
        Assert.True(await FinishAsync(rebuild, [.. Enumerable.Reverse(rows)], rows[0].Post));
        for (var newest = 1; newest <= 8; newest++)
        {
            var part = await Store.ReadAsync(_owner, newest, Token);
            Assert.NotNull(part.CompleteAbove);
            Assert.True(part.CompleteAbove >= rows[0].Post, $"{newest}: {part.CompleteAbove}");
            Assert.True(part.Entries.Count <= newest);
        }
    }

    [Fact]
    public async Task A_part_of_the_newest_is_complete_down_to_its_last()
    {
        var rows = Posted(10);
        await FinishAsync(await BeginAsync(), [.. Enumerable.Reverse(rows)]);
        var part = await Store.ReadAsync(_owner, 4, Token);
        Assert.Equal([rows[9], rows[8], rows[7], rows[6]], part.Entries);
        Assert.InRange(part.CompleteAbove!.Value.Value, rows[5].Post.Value, rows[6].Post.Value - 1);
    }

    [Fact]
    public async Task Beside_pushes_drops_and_rebuilds_no_part_claims_what_it_has_not()
    {
        const int Posts = 600;
        var owner = _truth.Owners[0];
        var delivered = new List<PostId>();
        var truth = new List<TimelineEntry>();
        var ended = false;
        await Task.WhenAll(
            Task.Run(PushAllAsync, Token),
            Task.Run(RebuildAsync, Token),
            Task.Run(RebuildAsync, Token),
            Task.Run(ReadAllAsync, Token),
            Task.Run(ReadAllAsync, Token)
        );
        await ReadOnceAsync();

        async Task PushAllAsync()
        {
            var random = new Random(3);
            for (var i = 0; i < Posts; i += 3)
            {
                var entries = Posted(3);
                lock (truth)
                {
                    truth.AddRange(entries);
                }

                random.Shuffle(entries);
                foreach (var entry in entries)
                {
                    await Store.PushAsync(new[] { owner }, entry, Token);
                    lock (truth)
                    {
                        delivered.Add(entry.Post);
                    }

                    await Task.Yield();
                }

                if (random.Next(10) == 0)
                {
                    await Store.DropAsync(new[] { owner }, Token);
                }
            }

            Volatile.Write(ref ended, true);
        }

        async Task RebuildAsync()
        {
            while (!Volatile.Read(ref ended))
            {
                if (await Store.BeginRebuildAsync(owner, Token) is { } rebuild)
                {
                    List<TimelineEntry> rows;
                    lock (truth)
                    {
                        rows =
                        [
                            .. truth
                                .OrderByDescending(entry => entry.Post)
                                .Take(TimelineRig.Length),
                        ];
                    }

                    await Task.Yield();
                    var floor =
                        rows.Count < TimelineRig.Length
                            ? default
                            : new PostId(rows[^1].Post.Value - 1);
                    await Store.FinishRebuildAsync(owner, rebuild, rows, floor, Token);
                }

                await Task.Yield();
            }
        }

        async Task ReadAllAsync()
        {
            while (!Volatile.Read(ref ended))
            {
                await ReadOnceAsync();
                await Task.Yield();
            }
        }

        async Task ReadOnceAsync()
        {
            List<PostId> before;
            lock (truth)
            {
                before = [.. delivered];
            }

            var part = await Store.ReadAsync(owner, TimelineRig.Length, Token);
            if (part.CompleteAbove is { } floor)
            {
                var held = part.Entries.Select(entry => entry.Post).ToHashSet();
                Assert.DoesNotContain(before, id => id > floor && !held.Contains(id));
            }
        }
    }

    /// <summary>Newer than all before.</summary>
    private TimelineEntry[] Posted(int count)
    {
        lock (_truth)
        {
            return [.. Enumerable.Range(0, count).Select(_ => _truth.Post(_author, Rig.Now))];
        }
    }

    private async Task PushAsync(params TimelineEntry[] entries)
    {
        foreach (var entry in entries)
        {
            await Store.PushAsync(new[] { _owner }, entry, Token);
        }
    }

    private async Task<RebuildToken> BeginAsync()
    {
        var rebuild = await Store.BeginRebuildAsync(_owner, Token);
        Assert.NotNull(rebuild);
        return rebuild.Value;
    }

    private ValueTask<bool> FinishAsync(
        RebuildToken rebuild,
        IReadOnlyList<TimelineEntry> newestFirst,
        PostId floor = default
    ) => Store.FinishRebuildAsync(_owner, rebuild, newestFirst, floor, Token);

    private ValueTask<TimelinePart> ReadAsync() =>
        Store.ReadAsync(_owner, 20 * TimelineRig.Length, Token);

    private ValueTask<HashSet<AccountId>> OwnersAsync() =>
        Store.OwnersAsync(Token).ToHashSetAsync(cancellationToken: Token);
}
