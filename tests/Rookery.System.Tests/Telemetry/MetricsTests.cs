using System.Text.RegularExpressions;
using Rookery.SystemTests.Docs;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Telemetry;

/// <summary>What a whole server tells of itself at <c>/metrics</c>, and whom.</summary>
public sealed class MetricsTests
{
    private const string Key = "prometheus may read";

    /// <summary>Dashboards and alerts of operators stand on them.</summary>
    private static readonly string[] Names =
    [
        "dotnet_exceptions_total counter",
        "dotnet_gc_collections_total counter",
        "dotnet_gc_heap_total_allocated_bytes_total counter",
        "dotnet_gc_last_collection_heap_size_bytes gauge",
        "dotnet_gc_last_collection_memory_committed_size_bytes gauge",
        "dotnet_gc_pause_time_seconds_total counter",
        "dotnet_monitor_lock_contentions_total counter",
        "dotnet_process_cpu_count gauge",
        "dotnet_process_cpu_time_seconds_total counter",
        "dotnet_process_memory_working_set_bytes gauge",
        "dotnet_thread_pool_queue_length gauge",
        "dotnet_thread_pool_thread_count gauge",
        "dotnet_thread_pool_work_item_count_total counter",
        "http_server_request_duration_seconds histogram",
        "kestrel_active_connections gauge",
        "rookery_build_info gauge",
        "rookery_cache_reads_total counter",
        "rookery_commit_duration_seconds histogram",
        "rookery_commit_writes histogram",
        "rookery_commits_failed_total counter",
        "rookery_consumer_behind_events gauge",
        "rookery_dead_letters gauge",
        "rookery_events_committed_total counter",
        "rookery_fanout_lag_seconds histogram",
        "rookery_fanout_pushed_total counter",
        "rookery_home_reads_total counter",
        "rookery_home_rebuilt_total counter",
        "rookery_limits_refused_total counter",
        "rookery_log_ins_total counter",
        "rookery_mails_total counter",
        "rookery_outbox_oldest_seconds gauge",
        "rookery_part_ready gauge",
        "rookery_pushes_failing gauge",
        "rookery_pushes_total counter",
        "rookery_pushes_waiting gauge",
        "rookery_ready gauge",
        "rookery_search_duration_seconds histogram",
        "rookery_sign_ups_total counter",
        "rookery_streams_open gauge",
        "rookery_timeline_store_duration_seconds histogram",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_measured_keeps_its_names()
    {
        await using var world = await World.EmptyAsync(Stop);
        Assert.Equal(Names, (await ReadAsync(world)).Families);
    }

    [Fact]
    public async Task Only_who_has_a_key_for_it_reads_them()
    {
        await using var world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?> { ["Metrics:Key"] = Key.Replace(' ', '-') }
        );
        var ana = await world.SignUpAsync("ana", Stop);
        foreach (var wrong in (string?[])[null, "", ana.Token, Key, "prometheus-may-rea"])
        {
            using var refused = await MetricsPage.AskAsync(world.Server.Http, wrong, Stop);
            Assert.Equal(401, (int)refused.StatusCode);
        }

        foreach (var right in (string[])[Key.Replace(' ', '-'), world.Server.Service.Key])
        {
            using var answer = await MetricsPage.AskAsync(world.Server.Http, right, Stop);
            Assert.Equal(200, (int)answer.StatusCode);
            Assert.Equal(
                "text/plain; version=0.0.4; charset=utf-8",
                answer.Content.Headers.ContentType?.ToString()
            );
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        }

        // It opens nothing else.
        using var service = new HttpRequestMessage(HttpMethod.Get, "/users/1");
        service.Headers.Authorization = new("Bearer", Key.Replace(' ', '-'));
        using var closed = await world.Server.Http.SendAsync(service, Stop);
        Assert.Equal(401, (int)closed.StatusCode);
    }

    [Fact]
    public async Task Numbers_move_when_things_happen()
    {
        await using var world = await World.EmptyAsync(Stop);
        var ana = await world.SignUpAsync("ana", Stop);
        (await ana.PostAsync("measured", Stop)).Require(201);
        // The first time it is loaded.
        await ana.HomeAsync(new Page(20), Stop);
        await ana.HomeAsync(new Page(20), Stop);
        (await ana.SearchAsync("measured", Stop)).Require(200);
        (await ana.LogInAsync(world.Server.Http, Stop)).Answer.Require(200);
        await world.SettleAsync(Stop);
        using (await EventStream.OpenAsync(world.Server.Http, "user", ana.Token, Stop))
        {
            Assert.Equal(1, (await ReadAsync(world))["rookery_streams_open"]);
        }

        // A request is counted when its answer has been read.
        await UntilAsync(
            world,
            "http_server_request_duration_seconds_count{route=\"/api/v1/home_timeline\",method=\"GET\",status=\"2xx\"}",
            2
        );
        await UntilAsync(world, "rookery_streams_open", 0);
        // Delivery is looked at every few seconds.
        await UntilAsync(
            world,
            "rookery_dead_letters{consumer=\"account-counts\",outbox=\"accounts,graph,posts,notifications\"}",
            0
        );
        var page = await ReadAsync(world);
        foreach (
            var (series, value) in new (string, double)[]
            {
                ("rookery_events_committed_total{event=\"post.accepted\"}", 1),
                ("rookery_events_committed_total{event=\"account.created\"}", 1),
                ("rookery_sign_ups_total", 1),
                ("rookery_log_ins_total{outcome=\"accepted\"}", 1),
                ("rookery_ready", 1),
                ("rookery_part_ready{part=\"database\"}", 1),
            }
        )
        {
            Assert.Equal((series, (double?)value), (series, page[series]));
        }

        Assert.True(page["rookery_search_duration_seconds_count"] >= 1);
        Assert.True(page["rookery_commit_duration_seconds_count"] >= 2);
        Assert.Equal(
            page["rookery_commit_duration_seconds_count"],
            page["rookery_commit_writes_count"]
        );
        Assert.True(page["rookery_home_reads_total{from=\"memory\"}"] >= 1);
        Assert.True(page["dotnet_process_memory_working_set_bytes"] > 1 << 20);
        Assert.Matches(
            "^rookery_build_info{version=\"[^\"]+\"} 1$",
            page.LinesOf("rookery_build_info").Single()
        );
    }

    [Fact]
    public async Task Who_is_refused_is_counted_by_the_limit_and_the_outcome()
    {
        await using var world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?>
            {
                ["Limits:SearchesPerSecond"] = "1",
                ["Accounts:LogInsPerMinuteAndName"] = "1",
            }
        );
        var ana = await world.SignUpAsync("ana", Stop);
        for (var i = 0; i < 5; i++)
        {
            await ana.SearchAsync("anything", Stop);
        }

        foreach (var _ in (int[])[1, 2])
        {
            using var body = new StringContent(
                """{"username":"ana","password":"not the one"}""",
                null,
                "application/json"
            );
            using var answer = await world.Server.Http.PostAsync("/api/v1/login", body, Stop);
        }

        var page = await ReadAsync(world);
        Assert.True(page["rookery_limits_refused_total{limit=\"searches\"}"] >= 1);
        Assert.Equal(1, page["rookery_limits_refused_total{limit=\"passwords\"}"]);
        Assert.Equal(1, page["rookery_log_ins_total{outcome=\"refused\"}"]);
    }

    [Fact]
    public async Task No_label_is_what_a_stranger_wrote()
    {
        await using var world = await World.EmptyAsync(Stop);
        foreach (
            var (method, path) in new[]
            {
                ("GET", "/stranger-path"),
                ("STRANGER", "/users/1"),
                ("GET", "/@stranger"),
                ("GET", "/api/v1/search?query=stranger"),
                ("GET", "/api/v1/stranger"),
                ("GET", "/users/stranger"),
                ("GET", "/health/live"),
            }
        )
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Host = "stranger.example";
            using var answer = await world.Server.Http.SendAsync(request, Stop);
        }

        await UntilAsync(
            world,
            "http_server_request_duration_seconds_count{route=\"/health/live\",method=\"GET\",status=\"2xx\"}",
            1
        );
        var text = (await ReadAsync(world)).Text;
        Assert.Contains("method=\"_OTHER\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("stranger", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("deploy/dashboards/grafana.json")]
    [InlineData("deploy/dashboards/alerts.yml")]
    public void Dashboards_and_alerts_ask_for_what_there_is(string file)
    {
        var asked = Regex
            .Matches(
                File.ReadAllText(Tree.PathOf(file)),
                @"\b(rookery|http|dotnet|kestrel)_[a-z0-9_]+"
            )
            .Select(found => found.Value)
            .Distinct()
            .ToList();
        Assert.True(asked.Count > 5);
        Assert.Empty(asked.Except(Names.SelectMany(SeriesOf)));
    }

    [Fact]
    public void The_operators_manual_explains_each()
    {
        var manual = File.ReadAllText(Tree.PathOf("docs/operations.md"));
        Assert.All(
            Names.Select(name => name.Split(' ')[0]),
            name => Assert.Contains($"`{name}`", manual, StringComparison.Ordinal)
        );
    }

    private static IEnumerable<string> SeriesOf(string family)
    {
        var name = family.Split(' ')[0];
        return family.EndsWith(" histogram", StringComparison.Ordinal)
            ? [$"{name}_bucket", $"{name}_sum", $"{name}_count"]
            : [name];
    }

    private static Task<MetricsPage> ReadAsync(World world) =>
        MetricsPage.ReadAsync(world.Server.Http, world.Server.Service.Key, Stop);

    private static Task UntilAsync(World world, string series, double? value) =>
        Wait.UntilAsync(
            async () => (await ReadAsync(world))[series] == value,
            () => $"{series} is {value}",
            Stop
        );
}
