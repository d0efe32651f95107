using System.Text.Json;
using Rookery.Benchmarks;
using Xunit;

namespace Rookery.SystemTests;

[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

/// <summary>What is allocated is counted for the whole process, so nothing else may run in it.</summary>
[Collection("alone")]
public sealed class BudgetTests
{
    /// <summary>A request crosses threads that allocate for themselves now and then: less than this is not the request's.</summary>
    private const long OfOthers = 32;

    [Fact]
    public async Task Each_operation_allocates_no_more_than_the_budgets_state()
    {
        var budgets = JsonSerializer.Deserialize<Dictionary<string, long>>(
            await File.ReadAllTextAsync(
                Path.Combine(AppContext.BaseDirectory, "budgets.json"),
                TestContext.Current.CancellationToken
            )
        )!;

        var measured = await Budgets.MeasureAsync();

        Assert.Equal(budgets.Keys.Order(), measured.Keys.Order());
        Assert.All(
            measured,
            pair =>
                Assert.InRange(
                    pair.Value,
                    0,
                    budgets[pair.Key]
                        + (pair.Key.StartsWith("GET ", StringComparison.Ordinal) ? OfOthers : 0)
                )
        );
    }
}
