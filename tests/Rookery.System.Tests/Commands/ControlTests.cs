using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Rookery.Server.Composition;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Commands;

public sealed class ControlTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    [Fact]
    public async Task Commands_run_inside_a_running_server()
    {
        using var server = await RunningServer.StartAsync(_folder.Data);

        var graph = await _folder.RunAsync("import", "graph", TestData.Path("small-graph.tsv.gz"));
        var posts = await _folder.RunAsync(
            "import",
            "posts",
            TestData.Path("tweets.csv"),
            "--columns",
            "text=text,user=screen_name,date=created_at,id=id",
            "--authors",
            "imported"
        );
        var verified = await _folder.RunAsync("verify");

        Assert.True(graph.Exit == 0, graph.ToString());
        Assert.True(posts.Exit == 0, posts.ToString());
        Assert.True(verified.Exit == 0, verified.ToString());
        Assert.Matches("(?m)^home timelines: 1000 compared, 0 different$", verified.Output);
        Assert.Equal(1, (await _folder.RunAsync("import", "graph", "nowhere")).Exit);
    }

    [Fact]
    public async Task Only_the_socket_takes_commands_and_only_its_owner_may_open_it()
    {
        using var server = await RunningServer.StartAsync(_folder.Data);
        using var http = new HttpClient { BaseAddress = server.Address };

        var answer = await http.PostAsJsonAsync(
            "/control/run",
            new Dictionary<string, object> { ["$type"] = "verify", ["repair"] = false },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(DataFolder.ControlSocket(_folder.Data))
        );
        Assert.DoesNotContain(
            "/control",
            await http.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_socket_is_its_owners_from_the_moment_it_is_there()
    {
        // Made by the operator beforehand, for everybody to look into.
        Directory.CreateDirectory(_folder.Data);
        var path = DataFolder.ControlSocket(_folder.Data);

        using var socket = ControlSocket.BindForOwner(new UnixDomainSocketEndPoint(path));

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(path)
            );
        }
    }

    [Fact]
    public async Task The_socket_of_a_killed_server_is_in_nobodys_way()
    {
        using (var server = await RunningServer.StartAsync(_folder.Data))
        {
            server.Kill();
        }

        Assert.True(File.Exists(DataFolder.ControlSocket(_folder.Data)));
        var here = await _folder.RunAsync("import", "graph", _folder.Write("graph", "1 2\n"));
        using var next = await RunningServer.StartAsync(_folder.Data);
        var inside = await _folder.RunAsync("verify");

        Assert.True(here.Exit == 0, here.ToString());
        Assert.True(inside.Exit == 0, inside.ToString());
    }

    [Fact]
    public async Task An_operator_gives_roles_suspends_lifts_and_sees_what_was_done()
    {
        using var server = await RunningServer.StartAsync(_folder.Data);
        using var http = new HttpClient { BaseAddress = server.Address };
        var token = TestContext.Current.CancellationToken;
        var ana = await ClassicClient.SignUpAsync(http, "ana", token);

        var given = await _folder.RunAsync("admin", "give-role", "ana", "moderator");
        var unknown = await _folder.RunAsync("admin", "give-role", "ana", "king");
        var listed = await _folder.RunAsync("admin", "list-moderators");
        var unsaid = await _folder.RunAsync("admin", "suspend-account", "ana");
        var suspended = await _folder.RunAsync(
            "admin",
            "suspend-account",
            "@Ana",
            "--reason",
            "lost password"
        );
        var refused = await ana.PostAsync("not to be seen", token);
        var lifted = await _folder.RunAsync(
            "admin",
            "lift-suspension",
            "ana",
            "--reason",
            "found again"
        );
        var acts = await _folder.RunAsync("admin", "list-acts", "--about", "ana");
        var nobody = await _folder.RunAsync(
            "admin",
            "suspend-account",
            "bob",
            "--reason",
            "nobody"
        );

        Assert.Equal((0, "@ana is moderator now\n"), (given.Exit, given.Output));
        Assert.Equal(1, unknown.Exit);
        Assert.Contains($"{ana.Id}  @ana  moderator", listed.Output, StringComparison.Ordinal);
        Assert.Equal(1, unsaid.Exit);
        Assert.True(suspended.Exit == 0, suspended.ToString());
        refused.Require(401);
        Assert.True(lifted.Exit == 0, lifted.ToString());
        Assert.Matches(
            "(?s)an operator lifted the suspension of @ana: found again.*an operator suspended @ana: lost password.*made moderator @ana",
            acts.Output
        );
        Assert.Equal((1, "rookery: There is no account @bob.\n"), (nobody.Exit, nobody.Error));
    }

    [Fact]
    public async Task Accounts_are_made_listed_and_deleted_and_get_passwords()
    {
        var made = await CommandProcess.RunWithAsync(
            "plover ice tern\n",
            "admin",
            "create-account",
            "ana",
            "--email",
            "ana@example.org",
            "--data",
            _folder.Data
        );
        var weak = await CommandProcess.RunWithAsync(
            "password1234\n",
            "admin",
            "set-password",
            "ana",
            "--data",
            _folder.Data
        );
        var set = await CommandProcess.RunWithAsync(
            "another plover ice tern\n",
            "admin",
            "set-password",
            "@Ana",
            "--data",
            _folder.Data
        );
        var listed = await _folder.RunAsync("admin", "list-accounts");
        var unasked = await _folder.RunAsync("admin", "delete-account", "ana");
        var deleted = await _folder.RunAsync("admin", "delete-account", "ana", "--yes");
        var nobody = await _folder.RunAsync("admin", "delete-account", "ana", "--yes");

        Assert.True(made.Exit == 0, made.ToString());
        Assert.Equal(1, weak.Exit);
        Assert.True(set.Exit == 0, set.ToString());
        Assert.Contains("@ana  active  ana@example.org", listed.Output, StringComparison.Ordinal);
        Assert.Equal(1, unasked.Exit);
        Assert.True(deleted.Exit == 0, deleted.ToString());
        Assert.Equal((1, "rookery: There is no account @ana.\n"), (nobody.Exit, nobody.Error));
        Assert.Equal(0, _folder.Count("tokens"));
    }

    [Fact]
    public async Task Dead_letters_are_listed_and_replayed()
    {
        await _folder.RunAsync("import", "graph", _folder.Write("graph", "1 2\n"));
        _folder.Sql(
            """
            INSERT INTO dead_letters (consumer, sequence, name, version, payload, attempts, error, created_at)
            SELECT 'account-counts', sequence, name, version, payload, 5, 'broken', 0 FROM outbox WHERE sequence = 1
            """
        );
        _folder.Sql(
            "INSERT INTO dead_letters VALUES ('account-counts', 2, 'nobody.knows', 1, x'00', 5, 'unreadable', 0)"
        );

        var listed = await _folder.RunAsync("admin", "dead-letters", "list");
        var unsaid = await _folder.RunAsync("admin", "dead-letters", "replay");
        var unknown = await _folder.RunAsync(
            "admin",
            "dead-letters",
            "replay",
            "--consumer",
            "x",
            "--sequence",
            "1"
        );
        var one = await _folder.RunAsync(
            "admin",
            "dead-letters",
            "replay",
            "--consumer",
            "account-counts",
            "--sequence",
            "1"
        );
        var all = await _folder.RunAsync("admin", "dead-letters", "replay", "--all");

        Assert.Contains("2 dead letters", listed.Output, StringComparison.Ordinal);
        Assert.Equal((1, 1), (unsaid.Exit, unknown.Exit));
        Assert.True(one.Exit == 0, one.ToString());
        Assert.Equal(1, all.Exit);
        Assert.Contains("0 applied, 1 failed again", all.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
