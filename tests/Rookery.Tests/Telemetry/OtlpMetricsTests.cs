using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rookery.Adapters.Otlp;
using Rookery.Telemetry;
using Rookery.TestKit;
using Rookery.Tests.Logs;
using Xunit;
using static Rookery.TestKit.ProtoFields;

namespace Rookery.Tests.Telemetry;

public sealed class OtlpMetricsTests
{
    private static readonly Dictionary<string, string> Resource = new()
    {
        ["service.name"] = "rookery",
        ["service.instance.id"] = "posts-1",
    };

    private static readonly DateTimeOffset Now = FakeTime.Start.AddMinutes(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_counter_is_a_growing_sum_since_the_start()
    {
        var (scope, metric) = Written(
            new("a_total", "a", "{b}", "Help", MetricKind.Counter, ["c"], [], [new(["d"], 7, [])])
        );
        Assert.Equal("Rookery", Text(Field(scope, 1)));
        Assert.Equal(
            ("a", "Help", "{b}"),
            (Text(Field(metric, 1)), Text(Field(metric, 2)), Text(Field(metric, 3)))
        );
        var sum = Field(metric, 7);
        Assert.Equal([2], Field(sum, 2));
        Assert.Equal([1], Field(sum, 3));
        var point = Field(sum, 1);
        Assert.Equal(NanosecondsOf(FakeTime.Start), BitConverter.ToUInt64(Field(point, 2)));
        Assert.Equal(NanosecondsOf(Now), BitConverter.ToUInt64(Field(point, 3)));
        Assert.Equal(7, BitConverter.ToDouble(Field(point, 4)));
        Assert.Equal("c=d", Attribute(Field(point, 7)));
    }

    [Fact]
    public void A_gauge_is_what_it_is_now()
    {
        var (_, metric) = Written(
            new("a", "a", "", "", MetricKind.Gauge, [], [], [new([], -1.5, [])])
        );
        Assert.Equal(-1.5, BitConverter.ToDouble(Field(Field(Field(metric, 5), 1), 4)));
    }

    [Fact]
    public void A_histogram_has_its_buckets_each_by_itself()
    {
        var (_, metric) = Written(
            new(
                "a_seconds",
                "a",
                "s",
                "",
                MetricKind.Histogram,
                ["c"],
                [0.5, 1],
                [new(["d"], 9, [3, 0, 4])]
            )
        );
        var histogram = Field(metric, 9);
        Assert.Equal([2], Field(histogram, 2));
        var point = Field(histogram, 1);
        Assert.Equal(7ul, BitConverter.ToUInt64(Field(point, 4)));
        Assert.Equal(9, BitConverter.ToDouble(Field(point, 5)));
        Assert.Equal(
            [3ul, 0, 4],
            Field(point, 6).Chunk(8).Select(bytes => BitConverter.ToUInt64(bytes))
        );
        Assert.Equal(
            [0.5, 1],
            Field(point, 7).Chunk(8).Select(bytes => BitConverter.ToDouble(bytes))
        );
        Assert.Equal("c=d", Attribute(Field(point, 9)));
    }

    [Fact]
    public async Task A_collector_that_is_away_is_told_later_what_was_counted_meanwhile_and_once_more_at_the_end()
    {
        var answers = new Queue<int>([503, 200, 200]);
        var sums = new List<double>();
        await using var collector = await CollectorAsync(async context =>
        {
            Assert.Equal("application/x-protobuf", context.Request.ContentType);
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, Stop);
            lock (sums)
            {
                sums.Add(SignUpsIn(body.ToArray()));
                context.Response.StatusCode = answers.Dequeue();
            }
        });
        using var meters = new OwnMeters();
        using var measurements = new Measurements(meters);
        var events = new TelemetryEvents(meters);
        var (time, console) = (new FakeTime(), new HeardConsole());
        using var send = new SendMetrics(
            collector.Urls.Single(),
            TimeSpan.FromSeconds(60),
            measurements,
            Resource,
            time,
            console
        );
        await send.StartAsync(Stop);

        events.SignedUp();
        await PassAsync("it answers 503");
        events.SignedUp();
        await PassAsync("takes metrics again");
        events.SignedUp();
        await send.StopAsync(Stop);

        Assert.Equal([1, 2, 3], sums);

        async Task PassAsync(string says)
        {
            await Wait.UntilAsync(
                () => Task.FromResult(time.WaitingTimers > 0),
                () => "it waits",
                Stop
            );
            time.Advance(TimeSpan.FromSeconds(60));
            await console.SaysAsync(says, Stop);
        }
    }

    [Fact]
    public async Task What_cannot_be_measured_ends_no_server()
    {
        using var meters = new OwnMeters();
        using var measurements = new Measurements(meters);
        new TelemetryEvents(meters).ReadinessIs(
            () => throw new InvalidOperationException("nobody knows"),
            () => []
        );
        var (time, console) = (new FakeTime(), new HeardConsole());
        using var send = new SendMetrics(
            "http://127.0.0.1:1",
            TimeSpan.FromSeconds(60),
            measurements,
            Resource,
            time,
            console
        );
        await send.StartAsync(Stop);
        await Wait.UntilAsync(
            () => Task.FromResult(time.WaitingTimers > 0),
            () => "it waits",
            Stop
        );
        time.Advance(TimeSpan.FromSeconds(60));

        await console.SaysAsync("could not be gathered", Stop);
        await send.StopAsync(Stop);
        Assert.True(send.ExecuteTask!.IsCanceled);
    }

    private static double SignUpsIn(byte[] request)
    {
        var metrics = Fields(Field(Field(request, 1), 2), 2);
        var signUps = metrics.Single(metric => Text(Field(metric, 1)) == "rookery.sign_ups");
        return BitConverter.ToDouble(Field(Field(Field(signUps, 7), 1), 4));
    }

    private static (byte[] Scope, byte[] Metric) Written(MetricReading reading)
    {
        var nothing = reading with { Series = [] };
        var request = new OtlpMetrics(Resource, FakeTime.Start).Write([reading, nothing], Now);
        // ExportMetricsServiceRequest → ResourceMetrics → Resource, ScopeMetrics → InstrumentationScope, Metric.
        var resource = Field(request, 1);
        Assert.Equal(
            ["service.name=rookery", "service.instance.id=posts-1"],
            Fields(Field(resource, 1), 1).Select(Attribute)
        );
        var scope = Field(resource, 2);
        return (Field(scope, 1), Field(scope, 2));
    }

    private static ulong NanosecondsOf(DateTimeOffset time) =>
        (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;

    private static async Task<WebApplication> CollectorAsync(RequestDelegate take)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapPost("/v1/metrics", take);
        await app.StartAsync(Stop);
        return app;
    }
}
