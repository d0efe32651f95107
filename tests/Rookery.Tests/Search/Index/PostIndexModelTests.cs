using FsCheck;
using FsCheck.Fluent;
using Rookery.Search.Index;
using Xunit;

namespace Rookery.Tests.Search.Index;

/// <summary>Whatever came in which order, a page is the page of the truth.</summary>
public sealed class PostIndexModelTests
{
    private static readonly IndexLimits _tiny = new()
    {
        LiveDocuments = 12,
        LateDocuments = 5,
        MergeAt = 2,
        LargestSegment = 64,
        MostSegments = 12,
    };

    // More than one window, more than one block of postings, and bitmaps.
    private static readonly IndexLimits _middling = new()
    {
        LiveDocuments = 2_500,
        LateDocuments = 600,
        MergeAt = 3,
        LargestSegment = 6_000,
    };

    // Dozens of windows, and so many words that begin alike that they are read together, stretch by stretch.
    private static readonly IndexLimits _wide = new()
    {
        LiveDocuments = 9_000,
        LateDocuments = 2_000,
        MergeAt = 2,
        LargestSegment = 60_000,
    };

    [Fact]
    public void Pages_equal_the_truth_after_any_history() =>
        Run(
            2_000,
            _tiny,
            history =>
            {
                for (var step = 0; step < 120; step++)
                {
                    history.Step();
                    if (step % 8 == 0)
                    {
                        history.AssertPage();
                    }
                }
            }
        );

    [Fact]
    public void Pages_of_many_posts_equal_the_truth() =>
        Run(
            12,
            _middling,
            history =>
            {
                for (var round = 0; round < 6; round++)
                {
                    history.Fill(1_500);
                    for (var step = 0; step < 200; step++)
                    {
                        history.Step();
                    }

                    for (var query = 0; query < 30; query++)
                    {
                        history.AssertPage();
                    }
                }
            }
        );

    [Fact]
    public void Pages_of_many_words_over_many_windows_equal_the_truth() =>
        Run(
            4,
            _wide,
            history =>
            {
                history.Fill(30_000);
                while (history.Index.Merge()) { }

                for (var query = 0; query < 40; query++)
                {
                    history.Step();
                    history.AssertPage();
                }
            },
            words: 400
        );

    [Fact]
    public void Chains_of_pages_with_hardly_any_work_allowed_miss_nothing_and_end() =>
        Run(
            300,
            _tiny,
            history =>
            {
                for (var step = 0; step < 150; step++)
                {
                    history.Step();
                }

                for (var query = 0; query < 10; query++)
                {
                    history.AssertChain();
                }
            }
        );

    [Fact]
    public void Chains_over_many_posts_miss_nothing_and_end() =>
        Run(
            6,
            _middling,
            history =>
            {
                history.Fill(5_000);
                for (var query = 0; query < 10; query++)
                {
                    history.Step();
                    history.AssertChain();
                }
            }
        );

    private static void Run(
        int histories,
        IndexLimits limits,
        Action<IndexHistory> play,
        int words = IndexHistory.Words
    ) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(histories),
            Prop.ForAll(
                Gen.Choose(0, int.MaxValue - 1).ToArbitrary(),
                seed => play(new IndexHistory(seed, limits, words))
            )
        );
}
