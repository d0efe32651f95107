using System.Diagnostics;
using Xunit;

namespace Rookery.SystemTests.Docs;

/// <summary>What the local cluster's scripts must leave alone.</summary>
public sealed class ClusterScriptTests : IDisposable
{
    private readonly ClusterFolder _cluster = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task Up_refuses_a_folder_that_holds_something()
    {
        Directory.CreateDirectory(_cluster.Path);
        await File.WriteAllTextAsync(_cluster.Inside("thesis.txt"), "thesis", Stop);
        _cluster.StandIn("dotnet", "exit 1");

        var up = (await _cluster.RunAsync("up", Stop)).Require(1);

        Assert.Contains("is not an empty folder", up.Output, StringComparison.Ordinal);
        Assert.Equal(
            [_cluster.Inside("thesis.txt")],
            Directory.GetFileSystemEntries(_cluster.Path)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Up_that_cannot_build_leaves_things_as_they_were(bool isThere)
    {
        if (isThere)
        {
            Directory.CreateDirectory(_cluster.Path);
            ClusterFolder.Open(_cluster.Path);
        }

        // Something that another one puts there meanwhile is not what up made.
        _cluster.StandIn(
            "dotnet",
            isThere ? $"echo mine >{_cluster.Inside("mine")}; exit 1" : "exit 1"
        );

        var up = (await _cluster.RunAsync("up", Stop)).Require(1);

        Assert.Contains("the server could not be built", up.Output, StringComparison.Ordinal);
        Assert.Equal(isThere, Directory.Exists(_cluster.Path));
        if (isThere)
        {
            Assert.Equal([_cluster.Inside("mine")], Directory.GetFileSystemEntries(_cluster.Path));
        }
    }

    [Fact]
    public async Task Up_names_the_folder_that_is_closed_to_its_parts()
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess,
            "Whoever is not root runs the parts as himself."
        );
        _cluster.StandIn("dotnet", "exit 1");
        File.SetUnixFileMode(
            _cluster.In("."),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );

        var up = (await _cluster.RunAsync("up", Stop)).Require(1);

        Assert.Contains(
            $"{Path.GetFullPath(_cluster.In("."))} is closed to nobody".Replace(
                "/ is",
                " is",
                StringComparison.Ordinal
            ),
            up.Output,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(_cluster.Path));
    }

    [Fact]
    public async Task Down_removes_what_is_the_clusters_and_nothing_else()
    {
        await _cluster.MakeAsync(Stop);
        await File.WriteAllTextAsync(_cluster.Inside("my-notes.txt"), "notes", Stop);

        (await _cluster.RunAsync("down", Stop, "--keep")).Require(0);
        Assert.True(File.Exists(_cluster.Inside("ports")));

        (await _cluster.RunAsync("down", Stop)).Require(0);
        Assert.Equal(
            [_cluster.Inside("my-notes.txt")],
            Directory.GetFileSystemEntries(_cluster.Path)
        );
    }

    [Fact]
    public async Task Down_removes_a_folder_in_which_nothing_else_lies()
    {
        await _cluster.MakeAsync(Stop);
        (await _cluster.RunAsync("down", Stop)).Require(0);
        Assert.False(Directory.Exists(_cluster.Path));
    }

    [Fact]
    public async Task A_file_of_ports_that_is_something_else_is_not_run()
    {
        Directory.CreateDirectory(_cluster.Path);
        await File.WriteAllTextAsync(
            _cluster.Inside("ports"),
            $"SERVICE_KEY=x\ntouch {_cluster.In("ran")}\n",
            Stop
        );
        (await _cluster.RunAsync("down", Stop)).Require(1);
        Assert.True(File.Exists(_cluster.Inside("ports")));
        Assert.False(File.Exists(_cluster.In("ran")));
    }

    [Theory]
    [InlineData("up")]
    [InlineData("down")]
    [InlineData("status")]
    [InlineData("promote")]
    [InlineData("restart")]
    [InlineData("rejoin")]
    public async Task Help_and_unknown_arguments_do_nothing(string script)
    {
        await _cluster.MakeAsync(Stop);
        var before = Entries();

        var help = (await _cluster.RunAsync(script, Stop, "--help")).Require(0);
        var comment = (await File.ReadAllLinesAsync(Tree.PathOf($"deploy/cluster/{script}"), Stop))
            .Skip(1)
            .TakeWhile(line => line.StartsWith('#'))
            .Select(line => line[2..]);
        Assert.Equal(comment, help.Output.TrimEnd('\n').Split('\n'));

        foreach (var argument in (string[])["--kep", "search-5", "accounts-3", "", "posts graph"])
        {
            var refused = (await _cluster.RunAsync(script, Stop, argument)).Require(1);
            Assert.Contains(
                $"there is no argument '{argument}'; nothing was done",
                refused.Output,
                StringComparison.Ordinal
            );
        }

        Assert.Equal(before, Entries());
    }

    [Theory]
    [InlineData("down", "--keep")]
    [InlineData("restart", "logs")]
    public async Task A_pid_that_belongs_to_somebody_else_by_now_is_left_alone(
        string script,
        string argument
    )
    {
        await _cluster.MakeAsync(Stop);
        // What restart begins in its place ends at once.
        _cluster.StandIn("rsyslogd", "exit 1");
        using var stranger = Process.Start("setsid", ["sleep", "300"]);
        try
        {
            var pid = $"{stranger.Id}";
            await File.WriteAllTextAsync(_cluster.Inside("pid/logs"), $"{pid}\n", Stop);
            var boot = (
                await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", Stop)
            ).Trim();
            await File.WriteAllTextAsync(_cluster.Inside("started/logs"), $"{boot} 1\n", Stop);

            var status = (await _cluster.RunAsync("status", Stop)).Require(1);
            Assert.Matches($"(?m)^logs +pid {pid} +port [0-9]+ +not running$", status.Output);
            await _cluster.RunAsync(script, Stop, argument);
            Assert.False(stranger.HasExited);
        }
        finally
        {
            stranger.Kill();
            await stranger.WaitForExitAsync(Stop);
        }
    }

    [Fact]
    public async Task Down_ends_what_the_cluster_began_itself()
    {
        await _cluster.MakeAsync(Stop);
        (await _cluster.BashAsync("begin logs sleep 300", Stop)).Require(0);
        var pid = await File.ReadAllTextAsync(_cluster.Inside("pid/logs"), Stop);
        var start = await File.ReadAllTextAsync(_cluster.Inside("started/logs"), Stop);
        var isStill = $"is_still {pid.Trim()} '{start.Trim()}'";
        (await _cluster.BashAsync(isStill, Stop)).Require(0);

        (await _cluster.RunAsync("down", Stop)).Require(0);

        (await _cluster.BashAsync(isStill, Stop)).Require(1);
    }

    /// <summary>As the broker answers <c>rabbit_alarm:get_alarms()</c>.</summary>
    [Theory]
    [InlineData("[]", 2, null)]
    [InlineData("[{{resource_limit,disk,rookery2@localhost},[]}]", 2, "disk")]
    [InlineData("[{{resource_limit,disk,rookery2@localhost},[]}]", 1, null)]
    [InlineData(
        "[{{resource_limit,disk,\n  rookery1@localhost},[]},\n {{resource_limit,memory,rookery2@localhost},[]}]",
        2,
        "memory"
    )]
    public async Task What_a_node_of_the_broker_has_too_little_of_is_read_from_its_alarms(
        string alarms,
        int node,
        string? what
    )
    {
        var said = await _cluster.BashAsync(
            $"alarm_of {node} $'{alarms.ReplaceLineEndings("\\n")}'",
            Stop
        );

        Assert.Equal(what is null ? 1 : 0, said.ExitCode);
        Assert.Equal(what ?? "", said.Output.Trim());
    }

    private List<string> Entries() =>
        [
            .. Directory
                .GetFileSystemEntries(_cluster.Path, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal),
        ];
}
