using System.Diagnostics;
using System.Security.Cryptography;
using Rookery.SystemTests.Docs;
using Rookery.TestKit;

namespace Rookery.SystemTests.Faults;

/// <summary>
/// A process of a local cluster that was moved to a network of its own, with one cable to the machine's. It is started as it was, loopback addresses
/// included: whatever either side sends to the other's loopback goes over the cable. Needs root, as whoever makes networks does.
/// </summary>
internal sealed class OwnNetwork : IAsyncDisposable
{
    private readonly string _name = $"rookery{RandomNumberGenerator.GetHexString(6, true)}";
    private readonly LocalCluster _cluster;
    private readonly string _part;

    private OwnNetwork(LocalCluster cluster, string part) => (_cluster, _part) = (cluster, part);

    private string Here => $"{_name}h";

    private string There => $"{_name}t";

    /// <summary>Answers when the process is ready again.</summary>
    public static async Task<OwnNetwork> MoveAsync(
        LocalCluster cluster,
        string part,
        CancellationToken stop
    )
    {
        var network = new OwnNetwork(cluster, part);
        try
        {
            await network.LayCableAsync(stop);
            await network.StartInItAsync(stop);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Nothing comes through any more, in either direction, and nobody is told.</summary>
    public Task CutAsync(CancellationToken stop) =>
        InItAsync(
            "table inet cut { chain i { type filter hook input priority 0; policy drop; }; chain o { type filter hook output priority 0; policy drop; }; }",
            stop
        );

    public Task MendAsync(CancellationToken stop) => InItAsync("delete table inet cut", stop);

    /// <summary>The process goes back to the machine's network.</summary>
    public async ValueTask DisposeAsync()
    {
        await _cluster.RunAsync("restart", CancellationToken.None, _part);
        // The cable goes with it.
        await RunAsync("ip", null, CancellationToken.None, "netns", "delete", _name);
        await RunAsync("nft", null, CancellationToken.None, "delete", "table", "ip", _name);
    }

    private async Task LayCableAsync(CancellationToken stop)
    {
        var net =
            $"10.{RandomNumberGenerator.GetInt32(200, 250)}.{RandomNumberGenerator.GetInt32(256)}";
        var (here, there) = ($"{net}.1", $"{net}.2");
        var port = _cluster.PortOf($"PORT_{_part.Replace('-', '_')}");
        string[] steps =
        [
            $"netns add {_name}",
            $"link add {Here} type veth peer name {There} netns {_name}",
            $"addr add {here}/30 dev {Here}",
            $"link set {Here} up",
            $"-n {_name} addr add {there}/30 dev {There}",
            $"-n {_name} link set {There} up",
            $"-n {_name} link set lo up",
            $"netns exec {_name} sysctl -qw net.ipv4.conf.{There}.route_localnet=1",
        ];
        foreach (var step in steps)
        {
            await MustAsync("ip", null, stop, step.Split(' '));
        }

        await MustAsync("sysctl", null, stop, "-qw", $"net.ipv4.conf.{Here}.route_localnet=1");
        await MustAsync("nft", Loopback(Here, here, $"tcp dport {port}", there), stop, "-f", "-");
        // All of its connections go to the machine, but for what it says to itself.
        await InItAsync(Loopback(There, there, $"tcp dport != {port}", here), stop);
    }

    /// <summary>What is sent to loopback and meant for the other side goes there, and what comes from there arrives as from loopback.</summary>
    private string Loopback(string device, string own, string meant, string other) =>
        $$"""
            table ip {{_name}} {
              chain pre { type nat hook prerouting priority -100; iifname "{{device}}" ip daddr {{own}} dnat to 127.0.0.1; }
              chain in { type nat hook input priority 100; iifname "{{device}}" ip daddr 127.0.0.1 snat to 127.0.0.1; }
              chain out { type nat hook output priority -100; ip daddr 127.0.0.1 {{meant}} dnat to {{other}}; }
              chain post { type nat hook postrouting priority 100; oifname "{{device}}" ip saddr 127.0.0.1 masquerade; }
            }
            """;

    private async Task StartInItAsync(CancellationToken stop)
    {
        var pid = _cluster.PidOf(_part);
        var command = await PartsAsync($"/proc/{pid}/cmdline", stop);
        var environment = await PartsAsync($"/proc/{pid}/environ", stop);
        await _cluster.KillAsync(_part, stop);
        var start = new ProcessStartInfo(
            "ip",
            [
                "netns",
                "exec",
                _name,
                "sh",
                "-c",
                "exec setsid setpriv --reuid nobody --regid nogroup --clear-groups --no-new-privs -- \"$@\" >>\"$0\" 2>&1 </dev/null",
                Path.Combine(_cluster.Folder, "log", _part),
                .. command,
            ]
        );
        start.Environment.Clear();
        foreach (var variable in environment)
        {
            var split = variable.IndexOf('=', StringComparison.Ordinal);
            start.Environment[variable[..split]] = variable[(split + 1)..];
        }

        // It outlives this object's hold on it, as every process of a cluster does.
        using var process = Process.Start(start)!;
        await _cluster.NoteAsync(_part, process.Id, stop);
        await ReadyAsync(stop);
    }

    private async Task ReadyAsync(CancellationToken stop)
    {
        using var http = ServerInProcess.NewClient(
            new Uri($"http://127.0.0.1:{_cluster.PortOf($"PORT_{_part.Replace('-', '_')}")}")
        );
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync("/health/ready", stop);
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            () => $"{_part} is ready in a network of its own",
            stop,
            TimeSpan.FromMilliseconds(100)
        );
    }

    private static async Task<string[]> PartsAsync(string file, CancellationToken stop) =>
        (await File.ReadAllTextAsync(file, stop)).Split(
            '\0',
            StringSplitOptions.RemoveEmptyEntries
        );

    private Task InItAsync(string rules, CancellationToken stop) =>
        MustAsync("ip", rules, stop, "netns", "exec", _name, "nft", "-f", "-");

    private static async Task MustAsync(
        string program,
        string? input,
        CancellationToken stop,
        params string[] arguments
    )
    {
        if (await RunAsync(program, input, stop, arguments) is { Length: > 0 } complaint)
        {
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)}: {complaint}"
            );
        }
    }

    /// <summary>What it complained of; empty where it did what it was told.</summary>
    private static async Task<string> RunAsync(
        string program,
        string? input,
        CancellationToken stop,
        params string[] arguments
    )
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
            }
        )!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var complaint = await process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return process.ExitCode == 0 ? "" : $"{process.ExitCode} {complaint}";
    }
}
