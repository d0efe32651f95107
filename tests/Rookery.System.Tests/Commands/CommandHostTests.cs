using System.Threading.Channels;
using Rookery.Server.Commands.Running;
using Rookery.Server.Composition;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Commands;

public sealed class CommandHostTests
{
    [Fact]
    public async Task What_still_runs_when_a_command_has_ended_is_refused_and_opens_nothing()
    {
        var stop = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        using var data = DataFolder.TryOpen(folder.Path)!;
        var host = await CommandHost.StartAsync(data, stop);
        var runner = host.Runner;
        var output = new ReplyOutput(Channel.CreateUnbounded<CommandReply>().Writer);
        var posts = new ImportPostsRequest(
            TestData.Path("tweets.csv"),
            "text=text,user=screen_name,date=created_at,id=id",
            null
        );
        Assert.Equal(ExitCodes.Done, await runner.RunAsync(posts, output, stop));
        // Everything is delivered after this, and rendered posts and heads are held.
        Assert.Equal(ExitCodes.Done, await runner.RunAsync(new VerifyRequest(false), output, stop));

        await host.DisposeAsync();

        Assert.Equal(
            ExitCodes.Failed,
            await runner.RunAsync(new VerifyRequest(false), output, stop)
        );
        var late = new CreateAccountRequest("late_one", "late@example.org", "plover ice tern");
        Assert.Equal(ExitCodes.Failed, await runner.RunAsync(late, output, stop));
    }
}
