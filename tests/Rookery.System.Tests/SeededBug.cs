using Rookery.TestKit;

namespace Rookery.SystemTests;

/// <summary>A bug that is compiled in on purpose, the test that has to find it, and the assertions one of which has to fail. docs/seeded-bugs.md.</summary>
internal sealed record SeededBug(string Name, string Test, params string[] Promises)
{
    // With the dot, so that no other test whose name has these words runs too.
    private const string Kills = "*.Every_acknowledged_post*";
    private const string Merged = "*.Merged_home*";
    private const string Pushed = "*.Pushed_home*";
    private const string Searches = "*.Searches_find*";

    public static IReadOnlyList<SeededBug> All { get; } =
    [
        new(
            "acknowledged-before-commit",
            Kills,
            Promise.AcknowledgedIsStored,
            Promise.NothingMissing,
            Promise.NothingForbidden
        ),
        new("event-outside-transaction", Kills, Promise.CountersAreTheCounts),
        new("key-outside-transaction", Kills, Promise.OneKeyOnePost),
        new("inbox-not-asked", Kills, Promise.CountersAreTheCounts),
        new("relayed-before-applied", Kills, Promise.CountersAreTheCounts),
        new("id-by-the-requests-clock", Merged, Promise.IdsGrowWithCommits),
        new("unfollow-leaves-adjacency", Merged, Promise.NothingForbidden),
        new(
            "hidden-set-without-viewer",
            Merged,
            Promise.NothingForbidden,
            Promise.UserTimelineIsTheOracles
        ),
        new("heads-floor-lost-on-trim", Merged, Promise.HomeIsTheOracles, Promise.PagesAreTheSet),
        new("pushed-tail-lost-on-trim", Pushed, Promise.HomeIsTheOracles, Promise.PagesAreTheSet),
        new(
            "deleted-without-tombstone",
            Pushed,
            Promise.NothingForbidden,
            Promise.VerifyFindsNothing
        ),
        new(
            "suspended-still-rendered",
            Merged,
            Promise.NothingForbidden,
            Promise.HomeIsTheOracles,
            Promise.UserTimelineIsTheOracles,
            Promise.PagesAreTheSet,
            Promise.VerifyFindsNothing
        ),
        new(
            "restored-heads-kept",
            Merged,
            Promise.HomeIsTheOracles,
            Promise.PagesAreTheSet,
            Promise.VerifyFindsNothing
        ),
        new("page-cut-before-the-rules", Merged, Promise.HomeIsTheOracles, Promise.PagesAreTheSet),
        new(
            "deleted-stays-in-index",
            Searches,
            Promise.NothingForbidden,
            Promise.VerifyFindsNothing
        ),
        new("image-taken-for-current", Searches, Promise.SearchIsTheOracles),
        new("search-page-skips-one", Searches, Promise.PagesAreTheSet, Promise.SearchIsTheOracles),
        new("phrase-not-read", Searches, Promise.SearchIsTheOracles),
        new("choice-not-indexed", Searches, Promise.NothingForbidden),
        new("unlike-leaves-likes", Searches, Promise.NothingForbidden),
        new("block-not-asked-in-search", Searches, Promise.NothingForbidden),
        new("hashtag-suggested-unfound", Searches, Promise.NothingForbidden),
    ];
}
