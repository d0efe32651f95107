using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>The real server while somebody sets its clock.</summary>
public sealed class ClockTests
{
    private const string Behind = "clock stands ";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ids_stay_unique_and_growing_however_the_clock_is_set()
    {
        using var clock = new FakeClock();
        using var folder = new TemporaryFolder();
        var people = new List<ClassicClient>();
        var posted = new List<(AccountId Author, PostId Id)>();
        await using (
            var server = await ServerProcess.StartAsync(folder.Path, Stop, clock.Environment)
        )
        {
            people.Add(await ClassicClient.SignUpAsync(server.Http, "alice", Stop));
            people.Add(await ClassicClient.SignUpAsync(server.Http, "bob", Stop));
            await PostAsync(people, posted);
            clock.Set(TimeSpan.FromSeconds(-5));
            await PostAsync(people, posted);
            clock.Set(TimeSpan.Zero);
            await PostAsync(people, posted);
            clock.Set(TimeSpan.FromHours(1));
            await PostAsync(people, posted);
            clock.Set(TimeSpan.Zero);
            await AssertWaitsAsync(server.Http, people, posted);
            await server.KillAsync();
        }

        clock.Set(TimeSpan.FromDays(-1));
        await using var again = await ServerProcess.StartAsync(
            folder.Path,
            Stop,
            clock.Environment,
            until: "/health/live"
        );
        people = [.. people.Select(person => person.At(again.Http))];
        await AssertWaitsAsync(again.Http, people, posted);

        clock.Set(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(1));
        using (var ready = await again.Http.GetAsync("/health/ready", Stop))
        {
            Assert.True(ready.IsSuccessStatusCode);
        }

        await PostAsync(people, posted);
        await AssertAllThereAsync(people, posted);
    }

    private static async Task PostAsync(
        List<ClassicClient> people,
        List<(AccountId Author, PostId Id)> posted
    )
    {
        for (var i = 0; i < 10; i++)
        {
            var author = people[i % people.Count];
            var answer = (await author.PostAsync($"post {posted.Count}", Stop)).Require(201);
            posted.Add((author.Id, new PostId(answer.Id("tweet_id"))));
        }
    }

    /// <summary>Nothing that needs an id is taken, and why is told; all else goes on.</summary>
    private static async Task AssertWaitsAsync(
        HttpClient http,
        List<ClassicClient> people,
        List<(AccountId Author, PostId Id)> posted
    )
    {
        var (alice, bob) = (people[0], people[1]);
        var post = new { user_id = alice.Id.ToString(), status = "refused" };
        await Refused.AssertAsync(http, alice, "tweet", post, Behind, Stop);
        await Refused.AssertNotReadyAsync(http, Behind, Stop);
        (await alice.RelateAsync("follow", bob.Id, Stop)).Require(200);
        (await alice.MarkAsync("like", posted[0].Id, Stop)).Require(200);
        await AssertAllThereAsync(people, posted);
    }

    private static async Task AssertAllThereAsync(
        List<ClassicClient> people,
        List<(AccountId Author, PostId Id)> posted
    )
    {
        foreach (var author in people)
        {
            var own = posted.Where(post => post.Author == author.Id).Select(post => post.Id);
            var shown = await author.UserTimelineAsync(
                author.Id,
                new Page(200, null, null, null),
                Stop
            );
            Assert.Equal(own.Reverse(), shown.Select(entry => entry.Id));
        }

        var ids = posted.Select(post => post.Id).ToList();
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }
}
