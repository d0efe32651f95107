using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Rookery.Tests.Timelines;

/// <summary>Random histories against sorted sets: whatever happened, a page is the page of the truth.</summary>
public sealed class AuthorHeadsModelTests
{
    private const int FewAuthors = 10;
    private const int RoomForFew = 256 << 10;

    // The smallest slab with blocks of each width: 96 narrow ones.
    private const int ManyAuthors = 150;
    private const int RoomForSome = 16 << 10;

    [Theory]
    [InlineData(FewAuthors, RoomForFew, 400)]
    [InlineData(ManyAuthors, RoomForSome, 600)]
    public void Pages_equal_the_truth_after_any_history(int authors, int bytes, int steps) =>
        Run(100, authors, bytes, steps, _ => { });

    [Theory]
    [InlineData(FewAuthors, RoomForFew, 400)]
    [InlineData(ManyAuthors, RoomForSome, 600)]
    public void Chains_of_pages_equal_the_set_in_both_directions(
        int authors,
        int bytes,
        int steps
    ) => Run(20, authors, bytes, steps, history => history.AssertChains());

    private static void Run(
        int histories,
        int authors,
        int bytes,
        int steps,
        Action<HeadsHistory> end
    ) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(histories),
            Prop.ForAll<int>(seed =>
            {
                using var history = new HeadsHistory(seed, authors, bytes);
                for (var step = 0; step < steps; step++)
                {
                    history.Step();
                }

                end(history);
            })
        );
}
