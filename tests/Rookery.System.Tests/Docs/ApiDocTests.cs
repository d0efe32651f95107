using System.Diagnostics;
using System.Globalization;
using Rookery.SystemTests.Commands;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Docs;

public sealed class ApiDocTests
{
    /// <summary>Stands before the document's calls: each leaves its status and body in a file of its own. One that says how long it takes has ended well when that is over.</summary>
    private const string Recorder = """
        set -euo pipefail
        echo 0 > answers/count
        curl() {
          local n=$(($(cat answers/count) + 1))
          echo "$n" > answers/count
          command curl -sS --noproxy '*' -o "answers/$n.body" -w '%{http_code}' "$@" > "answers/$n.status" || [ $? = 28 ]
          cat "answers/$n.body"
        }

        """;

    [Fact]
    public async Task Every_call_of_the_document_answers_what_the_document_shows()
    {
        var token = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var data = Directory.CreateDirectory(Path.Combine(folder.Path, "data")).FullName;
        var answers = Directory.CreateDirectory(Path.Combine(folder.Path, "answers")).FullName;
        var examples = ApiExamples.Read(
            await File.ReadAllTextAsync(Tree.PathOf("docs/api.md"), token)
        );
        await using (var server = await ServerProcess.StartAsync(data, token))
        {
            await RunAsync(examples.Script, folder.Path, server.Http.BaseAddress!, token);
        }

        Compare(examples.Answers, answers);
    }

    /// <summary>The examples of search, on the posts that the page says.</summary>
    [Fact]
    public async Task Every_search_of_its_page_finds_what_the_page_shows()
    {
        var token = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var data = Directory.CreateDirectory(Path.Combine(folder.Path, "data")).FullName;
        var answers = Directory.CreateDirectory(Path.Combine(folder.Path, "answers")).FullName;
        var examples = ApiExamples.Read(
            await File.ReadAllTextAsync(Tree.PathOf("docs/search.md"), token)
        );
        var import = await CommandProcess.RunAsync(
            "import",
            "posts",
            Tree.PathOf("tests/data/tweets.csv"),
            "--columns",
            "text=text,user=screen_name,date=created_at,id=id,url=link",
            "--data",
            data
        );
        Assert.True(import.Exit == 0, import.ToString());
        // A script asks all of it within a second; who reads the page does not.
        var unhurried = new Dictionary<string, string> { ["Limits__SearchesPerSecond"] = "0" };
        await using (var server = await ServerProcess.StartAsync(data, token, unhurried))
        {
            await RunAsync(examples.Script, folder.Path, server.Http.BaseAddress!, token);
        }

        Compare(examples.Answers, answers);
    }

    [Fact]
    public async Task Every_path_of_the_document_is_shown_in_an_example()
    {
        var token = TestContext.Current.CancellationToken;
        var examples = ApiExamples.Read(
            await File.ReadAllTextAsync(Tree.PathOf("docs/api.md"), token)
        );
        string[] calls =
        [
            "$rookery/users",
            "$rookery/tweets",
            "$rookery/followers?",
            "$rookery/timeline?",
            "$rookery/follow/",
            "$rookery/tweet/",
            "$rookery/feed/",
            "$rookery/user\"",
            "$rookery/status",
            "$rookery/api/v2/search?",
            "$api/streaming/user",
            .. "signup login logout logout_all tweet home_timeline user_timeline search search_users search_hashtags follow unfollow like unlike repost unrepost block unblock mute unmute user followers followees relationships profile password delete_account"
                .Split(' ')
                .Select(name => "$api/" + name),
        ];
        Assert.All(calls, call => Assert.Contains(call, examples.Script, StringComparison.Ordinal));
    }

    private static void Compare(IReadOnlyList<ShownAnswer> shown, string folder)
    {
        var shape = new AnswerShape();
        for (var i = 0; i < shown.Count; i++)
        {
            var number = (i + 1).ToString(CultureInfo.InvariantCulture);
            var file = Path.Combine(folder, number);
            Assert.True(
                File.Exists(file + ".status"),
                $"Answer {number} is shown, and there is no such call."
            );
            var body = File.ReadAllText(file + ".body");
            var status = File.ReadAllText(file + ".status");
            Assert.True(
                status == shown[i].Status.ToString(CultureInfo.InvariantCulture),
                $"Answer {number} shows {shown[i].Status} {shown[i].Body}, and answered was {status} {body}"
            );
            shape.Check(shown[i].Body, ApiExamples.ReadBody(body), $"Answer {number}");
        }

        Assert.Equal(
            shown.Count.ToString(CultureInfo.InvariantCulture),
            File.ReadAllText(Path.Combine(folder, "count")).Trim()
        );
    }

    private static async Task RunAsync(
        string script,
        string folder,
        Uri address,
        CancellationToken token
    )
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "calls.sh"), Recorder + script, token);
        using var bash = Process.Start(
            new ProcessStartInfo("bash", ["calls.sh"])
            {
                WorkingDirectory = folder,
                Environment = { ["ROOKERY"] = address.GetLeftPart(UriPartial.Authority) },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = bash.StandardOutput.ReadToEndAsync(token);
        var errors = await bash.StandardError.ReadToEndAsync(token);
        await output;
        await bash.WaitForExitAsync(token);
        Assert.True(bash.ExitCode == 0, $"The calls ended with {bash.ExitCode}:\n{errors}");
    }
}
