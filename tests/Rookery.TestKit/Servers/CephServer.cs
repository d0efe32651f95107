using System.Diagnostics;

namespace Rookery.TestKit.Servers;

/// <summary>
/// The S3 server of Ceph, with a cluster of one monitor and one disk in memory behind it. Killing it kills the S3 server alone: what it answered for
/// lies in the cluster.
/// </summary>
internal sealed class CephServer : RealServer
{
    public const string AccessKey = "rookery-key";
    public const string SecretKey = "rookery-secret";

    /// <summary>Ids of things that nobody else ever meets.</summary>
    private const string ClusterId = "6f1d7c2e-7c0b-4a53-9a53-0a64f57a0001";
    private const string DiskId = "6f1d7c2e-7c0b-4a53-9a53-0a64f57a0002";

    private const int FirstDiskPort = 32_100;

    private static readonly ServerUser Ceph = new("radosgw ceph-mon ceph-osd ceph-common", "ceph");

    private readonly int _monitorPort = FreePort.Take();
    private readonly List<ChildProcess> _cluster = [];

    private CephServer(ServerFolder folder)
        : base(Ceph, folder) { }

    public Uri Uri => new($"http://127.0.0.1:{Port}");

    /// <summary>Takes about ten seconds.</summary>
    public static async Task<CephServer> StartAsync(CancellationToken stop)
    {
        var server = new CephServer(await Ceph.NewFolderAsync(stop));
        try
        {
            await server.MakeClusterAsync(stop);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        await Started.Async(server, stop);
        await server.RunAsync(
            "radosgw-admin",
            $"user create --uid=rookery --display-name=Rookery --access-key={AccessKey} --secret-key={SecretKey}",
            stop
        );
        return server;
    }

    public override async Task<bool> AnswersAsync(CancellationToken stop)
    {
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
            using var answer = await http.GetAsync(Uri, stop);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault)
            when (fault is HttpRequestException or TaskCanceledException
                && !stop.IsCancellationRequested
            )
        {
            return false;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await KillAsync();
        foreach (var part in _cluster.AsEnumerable().Reverse())
        {
            await part.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected override ProcessStartInfo Command() =>
        InEnvironment("radosgw", "-f -n client.rgw.rookery");

    private async Task MakeClusterAsync(CancellationToken stop)
    {
        foreach (var name in (string[])["monitor", "disk", "run", "gateway"])
        {
            await User.RunAsync(Folder, "mkdir", [Under(name)], stop);
        }

        await ServerUser.WriteAsync(Under("ceph.conf"), Configuration(), stop);
        var address = $"v1:127.0.0.1:{_monitorPort}";
        await RunAsync(
            "monmaptool",
            $"--create --clobber --fsid {ClusterId} --addv a [{address}] {Under("map")}",
            stop
        );
        await RunAsync("ceph-mon", $"--mkfs -i a --monmap {Under("map")}", stop);
        Begin("ceph-mon", "-f -i a");
        await AskMonitorAsync("mon stat", stop);
        await AskMonitorAsync($"osd new {DiskId} 0", stop);
        await RunAsync("ceph-osd", $"-i 0 --mkfs --osd-uuid {DiskId}", stop);
        await AskMonitorAsync("osd crush add osd.0 1.0 root=default host=here", stop);
        Begin("ceph-osd", "-f -i 0");
        await Wait.UntilAsync(
            async () =>
                (await AskMonitorAsync("osd stat", stop)).Contains(
                    "1 up",
                    StringComparison.Ordinal
                ),
            () => $"the disk is up\n{string.Join('\n', _cluster.Select(part => part.Output))}",
            stop,
            TimeSpan.FromMilliseconds(200)
        );
    }

    /// <summary>While it starts, and now and then for a moment later, it refuses (EPERM) to say what commands it has. What is asked here may be asked again.</summary>
    private async Task<string> AskMonitorAsync(string command, CancellationToken stop)
    {
        var (answer, refusal) = ("", "");
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    answer = await RunAsync("ceph", command, stop);
                    return true;
                }
                catch (InvalidOperationException fault)
                {
                    refusal = fault.Message;
                    return false;
                }
            },
            () => $"the monitor answers\n{refusal}\n{_cluster[0].Output}",
            stop,
            TimeSpan.FromMilliseconds(200)
        );
        return answer;
    }

    private void Begin(string program, string arguments) =>
        _cluster.Add(new ChildProcess(InEnvironment(program, arguments)));

    private Task<string> RunAsync(string program, string arguments, CancellationToken stop) =>
        ServerUser.RunAsync(InEnvironment(program, arguments), stop);

    private ProcessStartInfo InEnvironment(string program, string arguments)
    {
        var start = User.Start(Folder, program, arguments.Split(' '));
        start.Environment["CEPH_CONF"] = Under("ceph.conf");
        return start;
    }

    private string Configuration() =>
        $"""
            [global]
            fsid = {ClusterId}
            mon host = v1:127.0.0.1:{_monitorPort}
            mon initial members = a
            public network = 127.0.0.0/8
            ms bind msgr2 = false
            ms bind port min = {FirstDiskPort}
            ms bind port max = {FirstDiskPort + 600}
            auth cluster required = none
            auth service required = none
            auth client required = none
            osd crush update on start = false
            osd class update on start = false
            osd crush chooseleaf type = 0
            osd pool default size = 1
            osd pool default min size = 1
            osd pool default pg num = 1
            osd pool default pgp num = 1
            osd pool default pg autoscale mode = off
            osd objectstore = memstore
            memstore device bytes = 1073741824
            mon allow pool size one = true
            mon max pg per osd = 1000
            mon warn on pool no redundancy = false
            mon data avail crit = 1
            mon data avail warn = 2
            mon data = {Under("monitor")}
            osd data = {Under("disk")}
            run dir = {Under("run")}
            admin socket = {Under("run")}/$name.$pid.asok
            pid file = {Under("run")}/$name.pid
            log file = {Under("run")}/$name.log
            rgw data = {Under("gateway")}
            rgw frontends = beast endpoint=127.0.0.1:{Port}
            rgw enable ops log = false

            """;

    private string Under(string name) => Path.Combine(Folder, name);
}
