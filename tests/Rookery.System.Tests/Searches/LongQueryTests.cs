using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Searches;

/// <summary>Queries that nobody writes by hand.</summary>
public sealed class LongQueryTests
{
    [Fact]
    public async Task Ten_thousand_of_anything_are_refused_by_the_field_that_holds_them()
    {
        var stop = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var server = await ServerInProcess.StartAsync(
            folder.Path,
            World.FastSettings,
            stop
        );
        foreach (var what in (string[])["a", "長", "term ", "(", "OR ", "\""])
        {
            var query = string.Concat(Enumerable.Repeat(what, 10_000))[..10_000];
            using var answer = await server.Http.GetAsync(
                $"/api/v1/search?query={Uri.EscapeDataString(query)}",
                stop
            );
            Assert.True(400 == (int)answer.StatusCode, what);
            Assert.Contains(
                "query must be text of 1 to 500 characters.",
                await answer.Content.ReadAsStringAsync(stop),
                StringComparison.Ordinal
            );
        }
    }
}
