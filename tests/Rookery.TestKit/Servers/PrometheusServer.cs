using System.Diagnostics;
using System.Text.Json;

namespace Rookery.TestKit.Servers;

/// <summary>One Prometheus, with the configuration that it is given.</summary>
internal sealed class PrometheusServer : RealServer
{
    private static readonly ServerUser Prometheus = new("prometheus", "prometheus");

    private readonly HttpClient _http;

    private PrometheusServer(ServerFolder folder)
        : base(Prometheus, folder) =>
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{Port}"),
        };

    /// <param name="files">By their names, in its folder; <c>prometheus.yml</c> is one of them.</param>
    public static async Task<PrometheusServer> StartAsync(
        IReadOnlyDictionary<string, string> files,
        CancellationToken stop
    )
    {
        var server = new PrometheusServer(await Prometheus.NewFolderAsync(stop));
        foreach (var (name, text) in files)
        {
            await ServerUser.WriteAsync(Path.Combine(server.Folder, name), text, stop);
        }

        await Started.Async(server, stop);
        return server;
    }

    /// <summary>What promtool says of the configuration and its rules; it throws where something is wrong.</summary>
    public Task<string> CheckAsync(CancellationToken stop) =>
        User.RunAsync(
            Folder,
            "promtool",
            ["check", "config", Path.Combine(Folder, "prometheus.yml")],
            stop
        );

    /// <summary>The answer's data; what it refuses throws.</summary>
    public async Task<JsonElement> AskAsync(string path, CancellationToken stop)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), stop);
        var text = await answer.Content.ReadAsStringAsync(stop);
        return answer.IsSuccessStatusCode
            ? JsonElement.Parse(text).GetProperty("data")
            : throw new InvalidOperationException($"{path}: {text}");
    }

    /// <summary>The values of a query's series.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(string query, CancellationToken stop)
    {
        var data = await AskAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}", stop);
        return
        [
            .. data.GetProperty("result")
                .EnumerateArray()
                .Select(one => one.GetProperty("value")[1].GetString()!),
        ];
    }

    public override async Task<bool> AnswersAsync(CancellationToken stop)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/-/ready", UriKind.Relative), stop);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public override ValueTask DisposeAsync()
    {
        _http.Dispose();
        return base.DisposeAsync();
    }

    protected override ProcessStartInfo Command() =>
        User.Start(
            Folder,
            "prometheus",
            [
                $"--config.file={Path.Combine(Folder, "prometheus.yml")}",
                $"--storage.tsdb.path={Path.Combine(Folder, "data")}",
                $"--web.listen-address=127.0.0.1:{Port}",
            ]
        );
}
