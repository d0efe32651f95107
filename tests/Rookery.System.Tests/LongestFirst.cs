using Rookery.SystemTests;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Rookery.SystemTests;

/// <summary>
/// What takes minutes begins at the start, so that it does not run alone in the end. The runner queues a task for each collection in this order, and the
/// thread that does begins with the one that it queued last: so the longest stand last.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        nameof(CrashTests),
        nameof(HomeTimelineModelTests),
        nameof(SeededBugTests),
        nameof(LongTests),
        "OverThreeDatabases",
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections
    )
        where TTestCollection : ITestCollection =>
        [
            .. testCollections.OrderByDescending(collection =>
                Array.FindIndex(
                    Longest,
                    name =>
                        collection.TestCollectionDisplayName.Contains(
                            name,
                            StringComparison.Ordinal
                        )
                )
                    is >= 0
                        and var place
                    ? place
                    : Longest.Length
            ),
        ];
}
