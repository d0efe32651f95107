using Microsoft.AspNetCore.Http;
using Rookery.Reading;
using Rookery.Search;

namespace Rookery.Api;

/// <summary>Where a page of what was found ended.</summary>
/// <param name="Reached">Where to go on from, if the page ended before it was full and before everything was looked at.</param>
/// <param name="ToSkip">Of what was to be left out as many as were not found before <paramref name="Reached"/>: the page did not begin.</param>
internal readonly record struct FoundPage(PostId? Reached, bool IsPartial, int ToSkip = 0);

/// <summary>Reads a page of what a search finds as its searcher may see it: what every API's search answers with. What it took is counted by the caller's limit.</summary>
internal sealed class ReadFound(SearchPosts search, ReadTimeline read, RequestLimits limits)
{
    /// <param name="skip">Entries that are left out before the page begins, from where it begins.</param>
    /// <exception cref="StoreUnavailableException">Something has to be read from truth and cannot be.</exception>
    public async ValueTask<FoundPage> HandleAsync(
        HttpContext context,
        PreparedSearch prepared,
        Page page,
        int skip,
        TimelinePage into
    )
    {
        var token = context.RequestAborted;
        var sight = await read.ContextAsync(prepared.Searcher, token);
        var budget = search.NewBudget();
        var found =
            prepared.Query.Sort == SortOrder.Top
                ? await TopAsync(prepared, page, skip, sight, budget, into, token)
                : await LatestAsync(prepared, page, skip, sight, budget, into, token);
        await limits.CountSearchAsync(context, prepared.Searcher, budget.Spent);
        return found;
    }

    private async ValueTask<FoundPage> LatestAsync(
        PreparedSearch prepared,
        Page page,
        int skip,
        ReadContext sight,
        SearchBudget budget,
        TimelinePage into,
        CancellationToken token
    )
    {
        var isPartial = false;
        var end = await SkipAsync(
            page,
            skip,
            into,
            (part, stop) => read.FoundAsync(FindAsync, sight, part, into, stop),
            token
        );
        return end with { IsPartial = isPartial || end.Reached is not null };

        async ValueTask<FoundStretch> FindAsync(Page stretch, CancellationToken stop)
        {
            var found = await search.LatestAsync(prepared, stretch, budget, stop);
            isPartial |= found.IsPartial;
            return new FoundStretch(found.Ids, found.Reached, budget.IsUsedUp);
        }
    }

    /// <summary>One ranking, and of it what the searcher may see: there is no next page of it but by skipping.</summary>
    private async ValueTask<FoundPage> TopAsync(
        PreparedSearch prepared,
        Page page,
        int skip,
        ReadContext sight,
        SearchBudget budget,
        TimelinePage into,
        CancellationToken token
    )
    {
        var ranked = await search.TopAsync(prepared, page, budget, token);
        var ids = ranked.Ids.ToList();
        await SkipAsync(
            new Page(page.Count),
            skip,
            into,
            async (part, stop) =>
            {
                var from = part.MaxId is { } last ? ids.IndexOf(last) + 1 : 0;
                await read.RankedAsync(ids[from..], part.Count, sight, into, stop);
                return null;
            },
            token
        );
        return new FoundPage(null, ranked.IsPartial || ranked.Reached is not null);
    }

    /// <summary>Reads over what is left out, then the page: empty where less than that was found.</summary>
    private static async ValueTask<FoundPage> SkipAsync(
        Page page,
        int skip,
        TimelinePage into,
        Func<Page, CancellationToken, ValueTask<PostId?>> readPart,
        CancellationToken token
    )
    {
        while (skip > 0)
        {
            var part = page with { Count = Math.Min(skip, Page.MaxCount) };
            var reached = await readPart(part, token);
            if (into.EntryCount < part.Count)
            {
                var passed = into.EntryCount;
                into.Empty();
                return new FoundPage(reached, false, reached is null ? 0 : skip - passed);
            }

            skip -= part.Count;
            page = page.FromBelow
                ? page with
                {
                    MinId = into.FirstEntry,
                }
                : page with
                {
                    MaxId = into.LastEntry,
                };
        }

        return new FoundPage(await readPart(page, token), false);
    }
}
