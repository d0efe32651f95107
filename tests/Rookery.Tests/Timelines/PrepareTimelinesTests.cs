using Microsoft.Extensions.Options;
using Rookery.Tests.Reading;
using Rookery.Timelines;
using Xunit;

namespace Rookery.Tests.Timelines;

public sealed class PrepareTimelinesTests
{
    [Theory]
    [InlineData(long.MaxValue, 40)]
    [InlineData(50, 50)]
    public async Task What_commits_told_at_start_is_not_taken_back(long told, long known)
    {
        using var heads = new AuthorHeads(1 << 16) { AppliedThrough = told };
        var merged = new MergedAuthors(
            Options.Create(new TimelinesOptions()),
            new AccountOrdinals()
        );
        var posts = new ScriptedPosts { Newest = new PostId(40) };

        await new PrepareTimelines(heads, merged, posts).StartAsync(
            TestContext.Current.CancellationToken
        );

        Assert.Equal(known, heads.AppliedThrough);
    }

    [Fact]
    public async Task A_group_that_is_being_told_is_waited_for()
    {
        using var heads = new AuthorHeads(1 << 16);
        Task begun;
        using (heads.Write())
        {
            // As the observer does: what it found when it began is what it writes in the end.
            var found = heads.AppliedThrough;
            begun = Task.Factory.StartNew(
                () => heads.BeginAt(40),
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
            Assert.Equal(found, heads.AppliedThrough);
            heads.AppliedThrough = found;
        }

        await begun;
        Assert.Equal(40, heads.AppliedThrough);
    }
}
