using System.Globalization;
using Rookery.SystemTests.Searches;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests;

/// <summary>Random histories of posts, choices and relations, and what is searched in between, against the oracle.</summary>
public sealed class SearchModelTests
{
    private const int Seed = 20_260_711;
    private const int Histories = 8;

    [Fact]
    public async Task Searches_find_what_the_oracle_finds_whatever_happens()
    {
        var seed = Number("ROOKERY_SEED", Seed);
        for (var i = 0; i < Number("ROOKERY_HISTORIES", Histories); i++)
        {
            try
            {
                await SearchHistory.PlayAsync(seed + i, TestContext.Current.CancellationToken);
            }
            catch (BrokenPromiseException broken)
            {
                Assert.Fail($"ROOKERY_SEED={seed + i} ROOKERY_HISTORIES=1: {broken.Message}");
            }
        }
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
