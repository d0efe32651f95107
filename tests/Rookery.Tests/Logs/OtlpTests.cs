using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rookery.Adapters.Logs;
using Rookery.TestKit;
using Xunit;
using static Rookery.TestKit.ProtoFields;

namespace Rookery.Tests.Logs;

public sealed class OtlpTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_line_is_a_record_of_the_protocol()
    {
        var span = ActivitySpanId.CreateFromString("b7ad6b7169203331");
        var request = new OtlpFormat(Shipping.Source).Write([
            Shipping.Line("It failed", LogLevel.Error, "E: x\n   at A", span: span),
        ]);

        // ExportLogsServiceRequest → ResourceLogs → Resource, ScopeLogs → InstrumentationScope, LogRecord.
        var resource = Field(request, 1);
        var attributes = Fields(Field(resource, 1), 1).Select(Attribute);
        Assert.Equal(
            [
                "service.name=rookery",
                "service.instance.id=posts-1",
                "rookery.role=posts,graph",
                "host.name=host1",
                "process.pid=42",
            ],
            attributes
        );
        var scope = Field(resource, 2);
        Assert.Equal("Rookery.Delivery.OutboxRelay", Text(Field(Field(scope, 1), 1)));
        var record = Field(scope, 2);
        var nanoseconds = (FakeTime.Start - DateTimeOffset.UnixEpoch).Ticks * 100;
        Assert.Equal(nanoseconds, BitConverter.ToInt64(Field(record, 1)));
        Assert.Equal([17], Field(record, 2));
        Assert.Equal("ERROR", Text(Field(record, 3)));
        Assert.Equal("It failed", Text(Field(Field(record, 5), 1)));
        Assert.Equal("exception.stacktrace=E: x\n   at A", Attribute(Field(record, 6)));
        Assert.Equal(
            "0af7651916cd43dd8448eb211c80319c",
            Convert.ToHexStringLower(Field(record, 9))
        );
        Assert.Equal("b7ad6b7169203331", Convert.ToHexStringLower(Field(record, 10)));
        Assert.Equal(nanoseconds, BitConverter.ToInt64(Field(record, 11)));
        Assert.Equal("NotRelayed", Text(Field(record, 12)));
    }

    [Fact]
    public async Task Lines_of_a_collector_that_answers_503_are_sent_again_and_refused_ones_are_counted()
    {
        var answers = new Queue<int>([503, 200, 400, 200]);
        var records = new List<string>();
        await using var collector = await CollectorAsync(async context =>
        {
            context.Response.StatusCode = answers.Dequeue();
            Assert.Equal("application/x-protobuf", context.Request.ContentType);
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, Stop);
            lock (records)
            {
                var record = Field(Field(Field(body.ToArray(), 1), 2), 2);
                records.Add($"{context.Response.StatusCode} {Text(Field(Field(record, 5), 1))}");
            }
        });
        var console = new HeardConsole();
        var server = new OtlpServer(
            new Uri(collector.Urls.Single()),
            new OtlpFormat(Shipping.Source)
        );
        await using var shipper = Shipping.Shipper(server, 100, console);

        shipper.Offer(Shipping.Line("first"));
        await console.SaysAsync("is back after", Stop);
        Assert.True(console.Says("it answers 503"));
        shipper.Offer(Shipping.Line("second"));
        await console.SaysAsync("refuses log lines", Stop);
        shipper.Offer(Shipping.Line("third"));
        await console.SaysAsync("1 log lines were dropped", Stop);

        Assert.Equal(["503 first", "200 first", "400 second", "200 third"], records);
    }

    private static async Task<WebApplication> CollectorAsync(RequestDelegate take)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapPost("/v1/logs", take);
        await app.StartAsync(Stop);
        return app;
    }
}
