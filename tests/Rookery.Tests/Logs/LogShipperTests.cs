using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Logs;

/// <summary>Lines on their way to a syslog server that is well, slow, away, or comes and goes.</summary>
public sealed class LogShipperTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_of_many_threads_arrive_whole_and_each_threads_in_order()
    {
        await using var sink = SyslogSink.Start();
        await using (
            var provider = Shipping.Provider(Shipping.Shipper(Shipping.Syslog(sink.Uri), 100_000))
        )
        {
            var logger = provider.CreateLogger("Test");
            await Task.WhenAll(
                Enumerable
                    .Range(0, 8)
                    .Select(thread =>
                        Task.Run(
                            () =>
                            {
                                for (var number = 0; number < 1_000; number++)
                                {
                                    Say(logger, $"{thread} {number}");
                                }
                            },
                            Stop
                        )
                    )
            );
        }

        // Disposing has sent all, and waited until the other side had read it.
        var said = Messages(sink).GroupBy(message => message.Split(' ')[0]).ToList();
        Assert.Equal(8, said.Count);
        Assert.All(
            said,
            thread =>
                Assert.Equal(
                    Enumerable.Range(0, 1_000).Select(number => $"{thread.Key} {number}"),
                    thread
                )
        );
        Assert.Equal(1, sink.Connections);
    }

    [Fact]
    public async Task A_server_that_is_away_at_the_start_gets_what_waits_and_the_console_two_lines()
    {
        await using var sink = SyslogSink.Away();
        var console = new HeardConsole();
        await using var shipper = Shipping.Shipper(Shipping.Syslog(sink.Uri), 100, console);
        for (var number = 0; number < 250; number++)
        {
            shipper.Offer(Shipping.Line($"{number}"));
        }

        await console.SaysAsync("Logs:Syslog (tcp://127.0.0.1", Stop);
        sink.Listen();
        await console.SaysAsync("150 log lines were dropped", Stop);

        await sink.HasAsync(100, Stop);
        Assert.Equal(Enumerable.Range(0, 100).Select(number => $"{number}"), Messages(sink));
        Assert.Equal(2, console.Lines.Count);
    }

    [Fact]
    public async Task A_server_that_ends_and_comes_back_costs_no_line()
    {
        await using var sink = SyslogSink.Start();
        var sent = 0;
        await using var shipper = Shipping.Shipper(Shipping.Syslog(sink.Uri), 1_000);
        for (var life = 1; life <= 5; life++)
        {
            for (var number = 0; number < 100; number++)
            {
                shipper.Offer(Shipping.Line($"{sent++}"));
            }

            await sink.HasAsync(sent, Stop);
            sink.Leave();
            shipper.Offer(Shipping.Line($"{sent++}"));
            sink.Listen();
            await sink.HasAsync(sent, Stop);
        }

        Assert.Equal(Enumerable.Range(0, sent).Select(number => $"{number}"), Messages(sink));
    }

    [Fact]
    public async Task A_connection_cut_under_load_costs_no_more_than_what_the_server_had_and_did_not_read()
    {
        const int lines = 2_000;
        await using var sink = SyslogSink.Start();
        await using var shipper = Shipping.Shipper(Shipping.Syslog(sink.Uri), lines);
        for (var cut = 0; cut < 4; cut++)
        {
            var already = sink.Lines.Count;
            sink.Freeze();
            for (var number = 0; number < lines / 4; number++)
            {
                shipper.Offer(
                    Shipping.Line($"{(cut * lines / 4) + number} {new string('x', 1_000)}")
                );
            }

            // The system's buffers are filling then, on both sides.
            await Wait.UntilAsync(
                () => Task.FromResult(sink.Unread >= 1_000),
                () => "the server has something unread",
                Stop
            );
            sink.Cut();
            sink.Read();
            await sink.HasAsync(already + (lines / 8), Stop);
        }

        await shipper.DisposeAsync();
        var numbers = Messages(sink)
            .Select(message => int.Parse(message.Split(' ')[0], CultureInfo.InvariantCulture))
            .ToList();
        var lost = lines - numbers.Distinct().Count();
        TestContext.Current.SendDiagnosticMessage(
            $"lost {lost}, twice {numbers.Count + lost - lines}"
        );
        // Four times the few kilobytes that the server's side holds unread; the sender's side held sixteen times as much.
        Assert.InRange(lost, 0, 4 * 16);
        Assert.Equal(numbers.Distinct().Order(), numbers.Distinct());
    }

    [Fact]
    public async Task A_log_call_returns_at_once_while_the_server_reads_nothing()
    {
        const int bound = 1_000;
        await using var sink = SyslogSink.Start();
        sink.Freeze();
        var console = new HeardConsole();
        await using var shipper = Shipping.Shipper(Shipping.Syslog(sink.Uri), bound, console);
        var logger = Shipping.Provider(shipper).CreateLogger("Test");
        var text = new string('x', 1_500);
        // More than fits into the system's buffers and the queue.
        while (!shipper.IsFull)
        {
            Say(logger, text);
            await Task.Yield();
        }

        var started = Stopwatch.GetTimestamp();
        for (var call = 0; call < 20_000; call++)
        {
            Say(logger, text);
        }

        var average = Stopwatch.GetElapsedTime(started) / 20_000;
        TestContext.Current.SendDiagnosticMessage($"a call took {average.TotalNanoseconds} ns");
        // Under a microsecond where the machine is not busy; a call that waited would not come back here.
        Assert.InRange(average, TimeSpan.Zero, TimeSpan.FromMicroseconds(100));

        sink.Read();
        await console.SaysAsync("log lines were dropped", Stop);
        await sink.HasAsync(bound, Stop);
    }

    [Fact]
    public async Task A_process_ends_within_two_seconds_though_its_server_is_away()
    {
        await using var sink = SyslogSink.Away();
        var console = new HeardConsole();
        var shipper = Shipping.Shipper(Shipping.Syslog(sink.Uri), 100, console);
        shipper.Offer(Shipping.Line("last words"));
        await console.SaysAsync("cannot be reached", Stop);

        var started = Stopwatch.GetTimestamp();
        await shipper.DisposeAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 1.9, 4);
        Assert.True(console.Says("did not get the last 1 log lines"));
    }

    [Fact]
    public async Task A_process_that_ends_does_not_wait_for_the_next_attempt()
    {
        await using var sink = SyslogSink.Away();
        var console = new HeardConsole();
        var shipper = Shipping.Shipper(Shipping.Syslog(sink.Uri), 100, console);
        shipper.Offer(Shipping.Line("last words"));
        await console.SaysAsync("cannot be reached", Stop);
        sink.Listen();

        await shipper.DisposeAsync();

        Assert.Equal(["last words"], Messages(sink));
    }

    private static void Say(ILogger logger, string text) =>
        logger.Log(LogLevel.Warning, default, text, null, (state, _) => state);

    private static IEnumerable<string> Messages(SyslogSink sink) =>
        sink.Lines.Select(line => line[(line.IndexOf("\"] ", StringComparison.Ordinal) + 3)..]);
}
