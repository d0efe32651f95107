using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Rookery.Load;

/// <summary>
/// Searches for two frequent words over many posts, with a page of 20 that the rules of reading were applied to, against the emptiest answer of the same
/// process, in turns; and how long after its answer a post is found.
/// </summary>
internal static class SearchLoad
{
    private const int Connections = 32;
    private const int Searchers = 32;
    private const int Authors = 500;
    private const int Words = 30_000;
    private const int WordsOfPost = 12;
    private const int Frequent = 12;
    private const int Found = 300;

    public static async Task RunAsync(string number)
    {
        var posts = int.Parse(number, CultureInfo.InvariantCulture);
        using var folder = new ImportedFolder();
        var file = folder.Write("posts.csv", Rows(posts));
        Report.Line(
            "import posts",
            $"{folder.Run("import", "posts", file, "--columns", "text=text,user=user,date=date")[^1]}"
        );
        using var server = ServerProcess.Start("0", folder.Data, settings: _free);
        using var people = new People(server);
        var searchers = people.WithTokens(Searchers);
        byte[][] queries = [.. searchers.Select((who, i) => Requests.Get(QueryOf(i), who.Token))];
        using var client = new LoadClient(server.Port, Connections);
        var search = new Workload(connection => queries[connection % queries.Length]);
        var turns = new Turns(server, client, search);
        turns.WarmUp();
        turns.Take($"two frequent words of {posts:N0} posts, 20 hits", ">= 8,000/s");
        await FindPostedAsync(server, searchers[0]);
    }

    /// <summary>No limits on searches: they are what is measured.</summary>
    private static readonly Dictionary<string, string> _free = new()
    {
        ["Limits__SearchesPerSecond"] = "0",
        ["Limits__WritesPerMinute"] = "0",
    };

    private static string QueryOf(int i) =>
        $"/api/v1/search?query={Word(i % Frequent)}+{Word((i + 1 + (i / Frequent)) % Frequent)}";

    /// <summary>From the answer to the post until the first search that was sent after it and finds it.</summary>
    private static async Task FindPostedAsync(ServerProcess server, Person author)
    {
        using var http = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{server.Port}"),
        };
        http.DefaultRequestHeaders.Authorization = new("Bearer", author.Token);
        var (took, atOnce) = (new List<double>(), 0);
        for (var i = 0; i < Found; i++)
        {
            var word = string.Create(CultureInfo.InvariantCulture, $"novelty{i}");
            var body = new Dictionary<string, string>
            {
                ["user_id"] = author.Id.ToString(CultureInfo.InvariantCulture),
                ["status"] = word,
            };
            using var content = new FormUrlEncodedContent(body);
            using var posted = await http.PostAsync("/api/v1/tweet", content);
            var since = Stopwatch.GetTimestamp();
            for (var asked = 1; ; asked++)
            {
                using var answer = JsonDocument.Parse(
                    await http.GetStringAsync($"/api/v1/search?query={word}")
                );
                if (answer.RootElement.GetArrayLength() == 1)
                {
                    atOnce += asked == 1 ? 1 : 0;
                    break;
                }
            }

            took.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        took.Sort();
        Report.Line(
            "posted, answered, found",
            $"p50 {took[Found / 2]:F1} p99 {took[Found * 99 / 100]:F1} ms, {atOnce} of {Found} by the first search",
            "<= 1 s"
        );
    }

    /// <summary>Words by Zipf's law, as in texts.</summary>
    private static IEnumerable<string> Rows(int posts)
    {
        var random = new Random(20_060_321);
        var date = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        yield return "text,user,date";
        for (var i = 0; i < posts; i++)
        {
            var words = Enumerable
                .Range(0, WordsOfPost)
                .Select(_ => Word((int)Math.Exp(random.NextDouble() * Math.Log(Words)) - 1));
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{string.Join(' ', words)} {i},author{i % Authors},{date.AddSeconds(i):O}"
            );
        }
    }

    /// <summary>Letters alone, so that no word is another's plural or beginning.</summary>
    private static string Word(int number)
    {
        var word = "w";
        const string Letters = "bcdfghjklmnpqrtvwxz";
        for (var rest = number; ; rest /= Letters.Length)
        {
            word += Letters[rest % Letters.Length];
            if (rest < Letters.Length)
            {
                return word + "o";
            }
        }
    }
}
