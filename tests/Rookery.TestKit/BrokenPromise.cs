namespace Rookery.TestKit;

/// <summary>
/// Something the product promises did not hold. The name is the assertion's: it is what docs/seeded-bugs.md lists and what tests of the harness
/// look for.
/// </summary>
internal sealed class BrokenPromiseException : Exception
{
    public BrokenPromiseException(string promise, string details)
        : base($"[{promise}] {details}") => Promise = promise;

    public string Promise { get; }
}

/// <summary>The assertions of the model-based tests and the crash test.</summary>
internal static class Promise
{
    public const string HomeIsTheOracles = "home-is-the-oracles";
    public const string NothingForbidden = "nothing-forbidden";
    public const string NothingMissing = "nothing-missing";
    public const string UserTimelineIsTheOracles = "user-timeline-is-the-oracles";
    public const string PagesAreTheSet = "pages-are-the-set";
    public const string SearchIsTheOracles = "search-is-the-oracles";
    public const string IdsGrowWithCommits = "ids-grow-with-commits";
    public const string EntriesAreTheirPosts = "entries-are-their-posts";
    public const string MarksAreTheViewers = "marks-are-the-viewers";
    public const string CountersAreTheCounts = "counters-are-the-counts";
    public const string AcknowledgedIsStored = "acknowledged-is-stored";
    public const string OneKeyOnePost = "one-key-one-post";
    public const string DeliveryDrains = "delivery-drains";
    public const string NoDeadLetters = "no-dead-letters";
    public const string TheAnswerIsRight = "the-answer-is-right";
    public const string VerifyFindsNothing = "verify-finds-nothing";

    public static void Keep(bool kept, string promise, Func<string> details)
    {
        if (!kept)
        {
            throw new BrokenPromiseException(promise, details());
        }
    }

    /// <summary>The same entries in the same order.</summary>
    public static void Same(
        IReadOnlyList<PostId> expected,
        IReadOnlyList<PostId> shown,
        string promise,
        Func<string> about
    ) =>
        Keep(
            expected.SequenceEqual(shown),
            promise,
            () =>
                $"{about()}\n  expected [{string.Join(", ", expected)}]\n  shown    [{string.Join(", ", shown)}]"
                + $"\n  missing  [{string.Join(", ", expected.Except(shown))}]"
                + $"\n  too many [{string.Join(", ", shown.Except(expected))}]"
        );
}
