using Xunit;

namespace Rookery.SystemTests;

/// <summary>The harness finds what it is there to find.</summary>
public sealed class SeededBugTests(ITestOutputHelper output) : IClassFixture<SeededOutput>
{
    /// <summary>A bug that shows only when a kill falls into a certain moment may get away once.</summary>
    private const int Runs = 3;

    public static TheoryData<string> Bugs => [.. SeededBug.All.Select(bug => bug.Name)];

    public static TheoryData<string> Tests => [.. SeededBug.All.Select(bug => bug.Test).Distinct()];

    [Theory]
    [MemberData(nameof(Bugs))]
    public async Task A_seeded_bug_is_caught_by_its_assertion(string name)
    {
        var bug = SeededBug.All.Single(bug => bug.Name == name);
        var code = 0;
        var printed = "";
        for (var run = 0; run < Runs && code == 0; run++)
        {
            (code, printed) = await SeededOutput.PlayAsync(
                bug.Test,
                name,
                TestContext.Current.CancellationToken
            );
            output.WriteLine(printed);
        }

        Assert.NotEqual(0, code);
        Assert.Contains(
            bug.Promises,
            promise => printed.Contains($"[{promise}]", StringComparison.Ordinal)
        );
    }

    [Theory]
    [Trait("Length", "soak")]
    [MemberData(nameof(Tests))]
    public async Task Without_a_bug_the_same_run_passes(string test)
    {
        var (code, printed) = await SeededOutput.PlayAsync(
            test,
            "",
            TestContext.Current.CancellationToken
        );
        output.WriteLine(printed);
        Assert.Equal(0, code);
    }
}
