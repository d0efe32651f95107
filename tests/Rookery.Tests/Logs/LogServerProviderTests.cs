using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Rookery.Adapters.Logs;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Logs;

/// <summary>From a call of the program to the line.</summary>
public sealed class LogServerProviderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_of_a_request_carries_its_trace_and_another_the_runs()
    {
        await using var sink = SyslogSink.Start();
        await using var provider = Shipping.Provider(
            Shipping.Shipper(Shipping.Syslog(sink.Uri), 100)
        );
        var logger = provider.CreateLogger("Rookery.Test");

        logger.Log(LogLevel.Warning, default, "before", null, (text, _) => text);
        using (var activity = new Activity("request"))
        {
            activity.SetParentId("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
            activity.Start();
            logger.Log(LogLevel.Error, new EventId(7, "Failed"), "within", null, (text, _) => text);
        }

        await sink.HasAsync(2, Stop);
        Assert.Contains(
            $" - [rookery@32473 trace=\"{Shipping.Run}\" role=",
            sink.Lines[0],
            StringComparison.Ordinal
        );
        Assert.Contains(
            " Failed [rookery@32473 trace=\"4bf92f3577b34da6a3ce929d0e0e4736\" span=\"",
            sink.Lines[1],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Secrets_are_hidden_in_messages_and_in_faults_also_where_the_line_is_cut()
    {
        await using var sink = SyslogSink.Start();
        await using var provider = new LogServerProvider(
            [Shipping.Shipper(Shipping.Syslog(sink.Uri), 100)],
            Shipping.Run,
            new Redaction(["s3cr3t-key-of-all"]),
            80,
            TimeProvider.System
        );
        var fault = new InvalidOperationException("amqp://rookery:hunter2@host");

        var logger = provider.CreateLogger("Rookery.Test");
        var dots = new string('.', 75);
        logger.Log(LogLevel.Error, default, "sent s3cr3t-key-of-all", fault, (text, _) => text);
        logger.Log(LogLevel.Error, default, $"{dots} s3cr3t-key-of-all", null, (text, _) => text);

        await sink.HasAsync(2, Stop);
        Assert.EndsWith(
            @"] sent ***\nSystem.InvalidOperationException: amqp://rookery:***@host",
            sink.Lines[0],
            StringComparison.Ordinal
        );
        Assert.EndsWith($"] {dots} ***", sink.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_tells_of_a_full_queue_finds_room_in_it()
    {
        await using var sink = SyslogSink.Away();
        var shipper = Shipping.Shipper(Shipping.Syslog(sink.Uri), 100);
        await using var provider = Shipping.Provider(shipper);
        for (var number = 0; number < 200; number++)
        {
            shipper.Offer(Shipping.Line("fills"));
        }

        provider
            .CreateLogger(typeof(LogShipper).FullName!)
            .Log(LogLevel.Warning, default, "it is full", null, (text, _) => text);
        sink.Listen();

        await sink.HasAsync(101, Stop);
        Assert.EndsWith("] it is full", sink.Lines[100], StringComparison.Ordinal);
    }
}
