using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Logs;

/// <summary>A server's lines in a real rsyslog, and what becomes of them and of the server while that is away.</summary>
public sealed class LogServerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_lines_arrive_each_with_the_trace_of_its_request_role_and_instance()
    {
        const int requests = 500;
        await using var rsyslog = await RsyslogServer.StartAsync(Stop);
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(
            folder.Path,
            Stop,
            Settings(rsyslog.Uri, "posts-1")
        );
        var traces = new List<string>();
        for (var number = 0; number < requests; number++)
        {
            traces.Add(ActivityTraceId.CreateRandom().ToHexString());
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
            request.Headers.Add("traceparent", $"00-{traces[^1]}-b7ad6b7169203331-01");
            using var answer = await server.Http.SendAsync(request, Stop);
            Assert.True(answer.IsSuccessStatusCode);
        }

        Assert.Equal(0, await server.TerminateAsync(Stop));
        var lines = await rsyslog.LinesAsync(Stop);
        Assert.All(
            lines,
            line =>
            {
                Assert.Matches(
                    @"^30\|rookery\|\d+\|\S+\|\[rookery@32473 trace=""[0-9a-f]{32}"" ",
                    line
                );
                Assert.Contains(
                    " role=\"accounts,graph,posts,fanout,timelines,search,media,notifications,web\" instance=\"posts-1\" category=\"",
                    line,
                    StringComparison.Ordinal
                );
            }
        );
        var ofTraces = lines
            .GroupBy(line => Regex.Match(line, "trace=\"([0-9a-f]+)\"").Groups[1].Value)
            .ToDictionary(line => line.Key, line => line.Count());
        // One when the request begins, one when it ends.
        Assert.All(traces, trace => Assert.Equal(2, ofTraces[trace]));
    }

    [Fact]
    public async Task Serves_while_the_log_server_is_away_killed_or_stands_still_and_tells_it_all_later()
    {
        await using var rsyslog = await RsyslogServer.StartAsync(Stop);
        await rsyslog.KillAsync();
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(
            folder.Path,
            Stop,
            Settings(rsyslog.Uri, "posts-1")
        );
        await SaysAsync(server, $"Logs:Syslog (tcp://127.0.0.1:{rsyslog.Port}) cannot be reached");
        var away = await AskAsync(server);
        await rsyslog.RestartAsync(Stop);
        await HasAsync(rsyslog, away, server);
        await SaysAsync(server, "0 log lines were dropped");

        await rsyslog.StopAsync();
        var frozen = await AskAsync(server);
        await rsyslog.ContinueAsync();
        await HasAsync(rsyslog, frozen, server);

        await rsyslog.RestartAsync(Stop);
        var back = await AskAsync(server);
        await HasAsync(rsyslog, back, server);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        Assert.InRange(Regex.Count(server.Output, "Logs:Syslog"), 2, 4);
    }

    [Fact]
    public async Task Over_TLS_all_lines_arrive_also_what_was_on_the_way_when_the_log_server_was_killed()
    {
        await using var rsyslog = await RsyslogServer.StartAsync(Stop, hasTls: true);
        using var folder = new TemporaryFolder();
        var settings = Settings(rsyslog.Uri, "posts-1");
        settings["Logs__SyslogTlsAuthorities"] = rsyslog.CertificateFile;
        await using var server = await ServerProcess.StartAsync(folder.Path, Stop, settings);
        var traces = new List<string>();
        for (var number = 0; number < 200; number++)
        {
            traces.Add(await AskAsync(server));
        }

        await HasAsync(rsyslog, traces[^1], server);
        await rsyslog.KillAsync();
        traces.Add(await AskAsync(server));
        traces.Add(await AskAsync(server));
        await rsyslog.RestartAsync(Stop);
        await HasAsync(rsyslog, traces[^1], server);
        traces.Add(await AskAsync(server));
        Assert.Equal(0, await server.TerminateAsync(Stop));

        var lines = await rsyslog.LinesAsync(Stop);
        Assert.All(
            traces,
            trace =>
                Assert.InRange(
                    lines.Count(line => line.Contains(trace, StringComparison.Ordinal)),
                    2,
                    // What was not acknowledged yet comes again.
                    4
                )
        );
    }

    [Fact]
    public async Task A_log_server_that_nobody_vouches_for_is_told_nothing_and_the_setting_is_named()
    {
        await using var rsyslog = await RsyslogServer.StartAsync(Stop, hasTls: true);
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(
            folder.Path,
            Stop,
            Settings(rsyslog.Uri, "posts-1")
        );
        await AskAsync(server);
        await SaysAsync(server, "Logs:SyslogTlsAuthorities names who may have signed it");
        await server.KillAsync();
        Assert.DoesNotContain(
            await rsyslog.LinesAsync(Stop),
            line => line.Contains("posts-1", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_server_whose_log_server_is_away_ends_in_time_and_says_what_was_left()
    {
        await using var sink = SyslogSink.Away();
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(
            folder.Path,
            Stop,
            Settings(sink.Uri, "posts-1")
        );
        await AskAsync(server);

        var started = Stopwatch.GetTimestamp();
        Assert.Equal(0, await server.TerminateAsync(Stop));

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 20);
        Assert.Matches(@"did not get the last \d+ log lines", server.Output);
    }

    [Fact]
    public async Task A_collector_gets_the_lines_too_with_the_trace_of_their_request()
    {
        var bodies = new ConcurrentQueue<byte[]>();
        await using var collector = await CollectorAsync(bodies);
        await using var sink = SyslogSink.Start();
        using var folder = new TemporaryFolder();
        var settings = Settings(sink.Uri, "posts-1");
        settings["Logs__Otlp"] = collector.Urls.Single();
        await using var server = await ServerProcess.StartAsync(folder.Path, Stop, settings);

        var trace = await AskAsync(server);
        Assert.Equal(0, await server.TerminateAsync(Stop));

        var all = bodies.SelectMany(body => body).ToArray().AsSpan();
        Assert.Equal(2, all.Count(Convert.FromHexString(trace)));
        Assert.True(all.IndexOf("posts-1"u8) >= 0);
        Assert.Equal(2, sink.Lines.Count(line => line.Contains(trace, StringComparison.Ordinal)));
    }

    private static async Task<WebApplication> CollectorAsync(ConcurrentQueue<byte[]> bodies)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapPost(
            "/v1/logs",
            async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body, Stop);
                bodies.Enqueue(body.ToArray());
            }
        );
        await app.StartAsync(Stop);
        return app;
    }

    /// <summary>With the framework's two lines for each request, so that there is something to tell.</summary>
    private static Dictionary<string, string> Settings(Uri syslog, string instance) =>
        new()
        {
            ["Logs__Syslog"] = syslog.OriginalString,
            ["Logs__Instance"] = instance,
            ["Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics"] = "Information",
        };

    /// <summary>A request; answers its trace.</summary>
    private static async Task<string> AskAsync(ServerProcess server)
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Add("traceparent", $"00-{trace}-b7ad6b7169203331-01");
        using var answer = await server.Http.SendAsync(request, Stop);
        Assert.True(answer.IsSuccessStatusCode);
        return trace;
    }

    private static Task SaysAsync(ServerProcess server, string text) =>
        Wait.UntilAsync(
            () => Task.FromResult(server.Output.Contains(text, StringComparison.Ordinal)),
            () => server.Output,
            Stop
        );

    private static Task HasAsync(RsyslogServer rsyslog, string trace, ServerProcess server) =>
        Wait.UntilAsync(
            async () =>
                (await rsyslog.LinesAsync(Stop)).Count(line =>
                    line.Contains(trace, StringComparison.Ordinal)
                ) >= 2,
            () => $"rsyslog has the two lines of {trace}\n{server.Output}",
            Stop,
            TimeSpan.FromMilliseconds(50)
        );
}
