using Rookery.Timelines;
using Xunit;

namespace Rookery.Contract.Tests.Timelines;

/// <summary>Stores that break one promise each: the suite finds out, both in its histories and in a fact of its own.</summary>
public sealed class TimelineControlTests
{
    [Fact]
    public async Task A_store_that_claims_to_be_whole_after_it_cut_entries_off_fails()
    {
        var suite = new Control(store => new ForgetsItsFloor(store));
        AssertFails(suite, TimelineHistory.NoFalseClaim);
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(
            suite.The_oldest_give_way_and_what_is_below_them_is_not_claimed
        );
    }

    [Fact]
    public async Task A_store_that_finishes_a_rebuild_over_a_drop_fails()
    {
        var suite = new Control(store => new FinishesOverDrops(store));
        AssertFails(suite, TimelineHistory.NoFalseClaim);
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(
            suite.A_rebuild_that_was_dropped_or_lost_meanwhile_fails_and_changes_nothing
        );
    }

    private static void AssertFails(TimelineStoreContract suite, string promise)
    {
        var failure = Assert.ThrowsAny<Exception>(
            suite.Pages_equal_the_truth_whatever_arrives_is_dropped_rebuilt_trimmed_or_lost
        );
        Assert.Contains($"[{promise}]", failure.ToString(), StringComparison.Ordinal);
    }

    private sealed class Control(Func<ITimelineStore, ITimelineStore> wrap) : TimelineStoreContract
    {
        protected override TimelineRig Open() => new MemoryRig(wrap);
    }

    /// <summary>What was cut off is forgotten, and so is that it was.</summary>
    private sealed class ForgetsItsFloor(ITimelineStore inner) : TimelineStoreWrapper(inner)
    {
        public override async ValueTask<TimelinePart> ReadAsync(
            AccountId owner,
            int newest,
            CancellationToken token
        )
        {
            var part = await base.ReadAsync(owner, newest, token);
            var whole = part.Entries.Count == TimelineRig.Length && newest >= TimelineRig.Length;
            return whole ? part with { CompleteAbove = default(PostId) } : part;
        }
    }

    /// <summary>Whoever began a rebuild finishes it, whatever happened since.</summary>
    private sealed class FinishesOverDrops(ITimelineStore inner) : TimelineStoreWrapper(inner)
    {
        public override async ValueTask<bool> FinishRebuildAsync(
            AccountId owner,
            RebuildToken rebuild,
            IReadOnlyList<TimelineEntry> newestFirst,
            PostId floor,
            CancellationToken token
        )
        {
            var current = await BeginRebuildAsync(owner, token) ?? rebuild;
            return await base.FinishRebuildAsync(owner, current, newestFirst, floor, token);
        }
    }
}
