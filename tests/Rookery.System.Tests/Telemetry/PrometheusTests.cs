using System.Text.Json;
using System.Text.RegularExpressions;
using Rookery.SystemTests.Docs;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Telemetry;

/// <summary>A real Prometheus that reads a running server as docs/operations.md says, with the rules and queries of deploy/dashboards.</summary>
public sealed partial class PrometheusTests
{
    private const string Key = "prometheus-may-read-this";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reads_a_server_with_its_key_and_every_rule_and_every_query_has_a_meaning()
    {
        await using var world = await World.EmptyAsync(
            Stop,
            new Dictionary<string, string?> { ["Metrics:Key"] = Key }
        );
        await using var prometheus = await PrometheusServer.StartAsync(
            new Dictionary<string, string>
            {
                ["prometheus.yml"] = Documented(world.Server.Http.BaseAddress!.Authority),
                ["rookery.key"] = Key,
                ["rookery-alerts.yml"] = ReadAlerts(),
            },
            Stop
        );
        Assert.Contains("SUCCESS", await prometheus.CheckAsync(Stop), StringComparison.Ordinal);
        var ana = await world.SignUpAsync("ana", Stop);
        (await ana.PostAsync("measured", Stop)).Require(201);

        await HasAsync(prometheus, "rookery_events_committed_total{event=\"post.accepted\"}", "1");
        await HasAsync(prometheus, "up{job=\"rookery\"}", "1");
        await HasAsync(prometheus, "max(rookery_outbox_oldest_seconds)", "0");
        foreach (var query in Queries())
        {
            await prometheus.QueryAsync(query, Stop);
        }

        var rules = new List<JsonElement>();
        await Wait.UntilAsync(
            async () =>
            {
                rules = await RulesAsync(prometheus);
                return rules.TrueForAll(rule =>
                    rule.GetProperty("health").GetString() == "ok"
                    && rule.GetProperty("state").GetString() == "inactive"
                );
            },
            () => $"every rule was evaluated, and none fires: {string.Join('\n', rules)}",
            Stop
        );
        Assert.Equal(AlertName().Count(ReadAlerts()), rules.Count);
    }

    private static async Task<List<JsonElement>> RulesAsync(PrometheusServer prometheus) =>
        [
            .. (await prometheus.AskAsync("/api/v1/rules", Stop))
                .GetProperty("groups")
                .EnumerateArray()
                .SelectMany(group => group.GetProperty("rules").EnumerateArray()),
        ];

    private static Task HasAsync(PrometheusServer prometheus, string query, string value) =>
        Wait.UntilAsync(
            async () => (await prometheus.QueryAsync(query, Stop)) is [var only] && only == value,
            () => $"{query} is {value}",
            Stop
        );

    private static string ReadAlerts() =>
        File.ReadAllText(Tree.PathOf("deploy/dashboards/alerts.yml"));

    /// <summary>The configuration in the manual, for this server and in a hurry.</summary>
    private static string Documented(string authority)
    {
        var text = Configuration()
            .Match(File.ReadAllText(Tree.PathOf("docs/operations.md")))
            .Groups["yaml"]
            .Value;
        Assert.Contains("/etc/prometheus/", text, StringComparison.Ordinal);
        return "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
            + Targets()
                .Replace(text, $"targets: [\"{authority}\"]")
                .Replace("/etc/prometheus/", "", StringComparison.Ordinal);
    }

    /// <summary>Of the dashboard, with its variables filled in.</summary>
    private static List<string> Queries()
    {
        var dashboard = JsonElement.Parse(
            File.ReadAllText(Tree.PathOf("deploy/dashboards/grafana.json"))
        );
        var queries =
            from panel in dashboard.GetProperty("panels").EnumerateArray()
            where panel.TryGetProperty("targets", out _)
            from target in panel.GetProperty("targets").EnumerateArray()
            select target
                .GetProperty("expr")
                .GetString()!
                .Replace("$__rate_interval", "1m", StringComparison.Ordinal)
                .Replace("$instance", ".*", StringComparison.Ordinal);
        var all = queries.ToList();
        Assert.True(all.Count > 20);
        Assert.DoesNotContain(all, query => query.Contains('$', StringComparison.Ordinal));
        return all;
    }

    [GeneratedRegex(@"```yaml\n(?<yaml>.*?scrape_configs:.*?)```", RegexOptions.Singleline)]
    private static partial Regex Configuration();

    [GeneratedRegex(@"targets: \[[^\]]*\]")]
    private static partial Regex Targets();

    [GeneratedRegex(@"- alert: ")]
    private static partial Regex AlertName();
}
