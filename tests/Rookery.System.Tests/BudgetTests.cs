using System.Text.Json;
using Rookery.Benchmarks;
using Xunit;

namespace Rookery.SystemTests;

[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;

/// <summary>What is allocated is counted for the whole process, so nothing else may run in it.</summary>
[Collection("alone")]
public sealed class BudgetTests
{
    [Fact]
    public async Task Each_operation_allocates_exactly_what_the_budgets_state()
    {
        var budgets = JsonSerializer.Deserialize<Dictionary<string, long>>(
            await File.ReadAllTextAsync(
                Path.Combine(AppContext.BaseDirectory, "budgets.json"),
                TestContext.Current.CancellationToken
            )
        )!;

        var measured = await Budgets.MeasureAsync();

        Assert.Equal(budgets.OrderBy(pair => pair.Key), measured.OrderBy(pair => pair.Key));
    }
}
