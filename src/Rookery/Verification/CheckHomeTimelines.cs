using Rookery.Delivery;
using Rookery.Reading;
using Rookery.Timelines;

namespace Rookery.Verification;

/// <summary>
/// Home timelines as readers get them, against what a home timeline is: all that are materialised, and beside them a sample that is built for this.
/// </summary>
internal sealed class CheckHomeTimelines(
    IDerivedTables tables,
    ITimelineStore store,
    ReadTimeline read,
    SettledDelivery delivery,
    TimeProvider time
) : ICheck
{
    private const int SampleSize = 1_000;

    /// <summary>A reader's page and the one after it.</summary>
    private const int Depth = 2 * Page.MaxCount;

    /// <summary>Truth moves between the two reads; only what differs every time is wrong.</summary>
    private const int Looks = 3;

    public string Name => "home timelines";

    public async Task<CheckReport> RunAsync(bool repair, CancellationToken token)
    {
        var tally = new CheckTally(Name);
        var wrong = new List<AccountId>();
        foreach (var owner in await OwnersAsync(token))
        {
            tally.Compared++;
            if (await DifferenceAsync(owner, token) is { } difference)
            {
                tally.Differs($"of account {owner}: {difference}");
                wrong.Add(owner);
            }
        }

        if (repair && wrong.Count > 0)
        {
            await tables.ForgetHeldAsync(token);
            await store.DropAsync(wrong.ToArray(), token);
            tally.Repaired = wrong.Count;
        }

        return tally.Report();
    }

    private async Task<HashSet<AccountId>> OwnersAsync(CancellationToken token)
    {
        var owners = (await tables.SampleReadersAsync(SampleSize, token)).ToHashSet();
        await foreach (var owner in store.OwnersAsync(token))
        {
            owners.Add(owner);
        }

        return owners;
    }

    private async Task<string?> DifferenceAsync(AccountId owner, CancellationToken token)
    {
        string? difference = null;
        for (var look = 0; look < Looks; look++)
        {
            var shown = await ShownAsync(owner, token);
            var right = await tables.HomeAsync(owner, time.GetUtcNow(), Depth, token);
            if (shown.SequenceEqual(right))
            {
                return null;
            }

            difference = InWords(shown, right);
            await delivery.WaitAsync(token);
        }

        return difference;
    }

    private async Task<List<PostId>> ShownAsync(AccountId owner, CancellationToken token)
    {
        var shown = new List<PostId>();
        while (shown.Count < Depth)
        {
            using var page = TimelinePage.Rent();
            var range = new Page(Page.MaxCount, shown.Count == 0 ? null : shown[^1]);
            await read.HomeAsync(owner, range, includeOwn: false, page, token);
            Append(page, shown);
            if (page.EntryCount < Page.MaxCount)
            {
                break;
            }
        }

        return shown;
    }

    private static void Append(TimelinePage page, List<PostId> shown)
    {
        var parts = page.Parts.Span;
        for (var i = 0; i < parts.Length; i++)
        {
            shown.Add(parts[i].Id);
            // A repost is followed by its original.
            i += parts[i].Header.OriginalId.Value == 0 ? 0 : 1;
        }
    }

    private static string InWords(List<PostId> shown, IReadOnlyList<PostId> right)
    {
        var missing = right.Except(shown).ToList();
        var extra = shown.Except(right).ToList();
        return missing.Count + extra.Count == 0
            ? "the order is wrong, or an entry comes twice"
            : $"{missing.Count} entries are missing{First(missing)}, {extra.Count} should not be there{First(extra)}";
    }

    private static string First(List<PostId> posts) =>
        posts.Count == 0 ? "" : $" (post {posts[0]} first)";
}
