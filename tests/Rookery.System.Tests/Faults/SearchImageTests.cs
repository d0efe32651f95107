using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>The image of the search index that a server leaves when it ends, and what a kill leaves of it.</summary>
public sealed class SearchImageTests(ITestOutputHelper output)
{
    private const int Ends = 5;
    private const int PostsBetween = 20;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_while_it_writes_the_image_it_finds_everything_after_the_next_start()
    {
        using var folder = new TemporaryFolder();
        var environment = World.FastSettings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value!
        );
        var posted = new List<PostId>();
        var random = new Random(4);
        ClassicClient? ana = null;
        for (var end = 0; end < Ends; end++)
        {
            await using var server = await ServerProcess.StartAsync(folder.Path, Stop, environment);
            ana = ana?.At(server.Http) ?? await ClassicClient.SignUpAsync(server.Http, "ana", Stop);
            await FindsAsync(ana, posted);
            for (var i = 0; i < PostsBetween; i++)
            {
                var answer = await ana.PostAsync($"stint {posted.Count}", Stop);
                posted.Insert(0, new PostId(answer.Require(201).Id("tweet_id")));
            }

            var gone = posted[random.Next(PostsBetween)];
            (await ana.DeleteAsync(gone, Stop)).Require(200);
            posted.Remove(gone);
            var before = FilesOf(folder);
            await server.AskToEndAsync();
            await Wait.UntilAsync(
                () => Task.FromResult(FilesOf(folder) != before),
                () => "it begins to write the image",
                Stop,
                TimeSpan.FromMilliseconds(1)
            );
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(5)), TimeProvider.System, Stop);
            await server.KillAsync();
            output.WriteLine($"killed with {FilesOf(folder)}");
        }

        await using var last = await ServerProcess.StartAsync(folder.Path, Stop, environment);
        await FindsAsync(ana!.At(last.Http), posted);
    }

    /// <summary>What of the images is on the disk, and since when.</summary>
    private static string FilesOf(TemporaryFolder folder)
    {
        var images = new DirectoryInfo(Path.Combine(folder.Path, "search"));
        var files = images.Exists ? images.GetFiles() : [];
        return string.Join(
            ", ",
            files
                .OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => $"{file.Name} of {file.LastWriteTimeUtc:ss.fff}")
        );
    }

    private static async Task FindsAsync(ClassicClient who, List<PostId> expected)
    {
        List<PostId> found = [];
        await Wait.UntilAsync(
            async () =>
            {
                var answer = (await who.SearchAsync("stint&count=200", Stop)).Require(200);
                found = [.. Entry.Many(answer).Select(entry => entry.Id)];
                return found.SequenceEqual(expected);
            },
            () => $"{expected.Count} posts are found, not {found.Count}",
            Stop
        );
    }
}
