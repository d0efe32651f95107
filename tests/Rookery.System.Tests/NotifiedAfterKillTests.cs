using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests;

/// <summary>The real process is killed while it tells people what others did.</summary>
public sealed class NotifiedAfterKillTests
{
    private const int Kills = 4;
    private const int Likes = 40;

    /// <summary>No two of which look alike.</summary>
    private const string Letters = "abcdefghjkmnpqrstuvw";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_answered_before_a_kill_is_told_once_after_it()
    {
        using var folder = new TemporaryFolder();
        var settings = World
            .FastSettings.Where(one => one.Value is not null)
            .ToDictionary(
                one => one.Key.Replace(":", "__", StringComparison.Ordinal),
                one => one.Value!
            );
        var server = await ServerProcess.StartAsync(folder.Path, Stop, settings);
        try
        {
            var me = await ClassicClient.SignUpAsync(server.Http, "rhea", Stop);
            var fans = new List<ClassicClient>();
            for (var i = 0; i < Likes; i++)
            {
                var name = $"fan_{Letters[i / Letters.Length]}{Letters[i % Letters.Length]}";
                fans.Add(await ClassicClient.SignUpAsync(server.Http, name, Stop));
            }

            var right = new HashSet<(string, string, long)>();
            for (var kill = 0; kill < Kills; kill++)
            {
                var post = (await me.PostAsync($"post {kill}", Stop)).Require(201).Id("tweet_id");
                var likes = await Task.WhenAll(
                    fans.Select(fan => fan.MarkAsync("like", new PostId(post), Stop))
                );
                Assert.All(likes, like => like.Require(200));
                right.UnionWith(fans.Select(fan => ("favourite", fan.Username, post)));
                // What consumers have not heard of yet is only in the outbox.
                await server.KillAsync();
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(folder.Path, Stop, settings);
                me = me.At(server.Http);
                fans = [.. fans.Select(fan => fan.At(server.Http))];
            }

            var told = new List<(string, string, long)>();
            var client = new NotifiedClient(server.Http, me.Token);
            await Wait.UntilAsync(
                async () =>
                {
                    told = await AllAsync(client);
                    return told.Count >= right.Count;
                },
                () => $"{right.Count} are told, not {told.Count}",
                Stop
            );
            Assert.Equal(right.Count, told.Count);
            Assert.Equal(right, told.ToHashSet());
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<List<(string, string, long)>> AllAsync(NotifiedClient client)
    {
        var all = new List<(string, string, long)>();
        for (var below = ""; ; )
        {
            var page = await client.ListAsync(Stop, $"limit=80{below}");
            if (page.Count == 0)
            {
                return all;
            }

            all.AddRange(
                page.Select(one =>
                    (
                        one.GetProperty("type").GetString()!,
                        one.GetProperty("account").GetProperty("username").GetString()!,
                        Answer.IdOf(one.GetProperty("status").GetProperty("id"))
                    )
                )
            );
            below = $"&max_id={page[^1].GetProperty("id").GetString()}";
        }
    }
}
