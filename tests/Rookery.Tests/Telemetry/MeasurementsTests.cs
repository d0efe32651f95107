using System.Diagnostics.Metrics;
using Rookery.Telemetry;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Telemetry;

public sealed class MeasurementsTests : IDisposable
{
    private const int Threads = 8;
    private const int Each = 20_000;

    private readonly OwnMeters _meters = new();
    private readonly TelemetryEvents _events;
    private readonly Measurements _measurements;

    public MeasurementsTests()
    {
        _measurements = new Measurements(_meters);
        _events = new TelemetryEvents(_meters);
    }

    [Fact]
    public void What_happens_is_counted_by_what_it_was()
    {
        _events.EventCommitted("post.accepted");
        _events.EventCommitted("post.accepted");
        _events.EventCommitted("post.liked");
        _events.StreamOpened();
        _events.StreamOpened();
        _events.StreamClosed();

        Assert.Equal(
            [("post.accepted", 2d), ("post.liked", 1d)],
            Series("rookery_events_committed_total").Select(one => (one.Labels[0], one.Value))
        );
        Assert.Equal(1, Only("rookery_streams_open").Value);
    }

    [Fact]
    public void Durations_fall_into_the_bucket_whose_end_they_do_not_exceed()
    {
        foreach (var milliseconds in (double[])[0, 1, 1.1, 10_000, 10_001])
        {
            _events.Searched(TimeSpan.FromMilliseconds(milliseconds));
        }

        var search = Only("rookery_search_duration_seconds");
        Assert.Equal([2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1], search.Counts);
        Assert.Equal(20.0031, search.Value, 1e-9);
    }

    [Fact]
    public void Of_a_status_the_class_is_told()
    {
        foreach (var status in (int[])[200, 201, 404, 599, 7_000, 20])
        {
            _events.RequestAnswered("/users/{id}", "GET", status, TimeSpan.FromSeconds(0.1));
        }

        Assert.Equal(
            [
                "/users/{id} GET 2xx: 2",
                "/users/{id} GET 4xx: 1",
                "/users/{id} GET 5xx: 2",
                "/users/{id} GET : 1",
            ],
            Series("http_server_request_duration_seconds")
                .Select(one => $"{string.Join(' ', one.Labels)}: {one.Counts.Sum()}")
        );
    }

    [Fact]
    public void What_tags_tell_apart_that_are_not_shown_is_added_up()
    {
        var connections = _meters
            .Create(new MeterOptions("Microsoft.AspNetCore.Server.Kestrel"))
            .CreateUpDownCounter<long>("kestrel.active_connections");
        connections.Add(2, new("server.port", 80), new("network.peer.address", "10.0.0.1"));
        connections.Add(2, new KeyValuePair<string, object?>("server.port", 81));
        connections.Add(-1, new KeyValuePair<string, object?>("network.peer.address", "10.0.0.2"));

        var only = Only("kestrel_active_connections");
        Assert.Empty(only.Labels);
        Assert.Equal(3, only.Value);
    }

    [Fact]
    public async Task Nothing_is_lost_where_many_count_at_once()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, Threads)
                .Select(thread =>
                    Task.Run(
                        () =>
                        {
                            for (var i = 0; i < Each; i++)
                            {
                                _events.HomeReadFromMemory();
                                _events.EventCommitted($"event.{(thread + i) % 5}");
                                _events.Searched(TimeSpan.FromSeconds(0.5));
                            }
                        },
                        TestContext.Current.CancellationToken
                    )
                )
        );

        Assert.Equal(Threads * Each, Only("rookery_home_reads_total").Value);
        Assert.Equal(
            Enumerable.Repeat((double)Threads * Each / 5, 5),
            Series("rookery_events_committed_total").Select(one => one.Value)
        );
        var search = Only("rookery_search_duration_seconds");
        Assert.Equal(Threads * Each, search.Counts.Sum());
        Assert.Equal(Threads * Each * 0.5, search.Value);
    }

    [Fact]
    public void What_is_looked_up_is_gone_when_nobody_knows_it_any_more()
    {
        IReadOnlyList<OutboxReading> known =
        [
            new(
                "accounts,posts",
                new Dictionary<string, long> { ["counts"] = 7, ["fan-out"] = 0 },
                new Dictionary<string, long> { ["counts"] = 1 },
                TimeSpan.FromSeconds(2.5)
            ),
        ];
        _events.DeliveryIs(() => known);

        Assert.Equal(
            ["counts of accounts,posts: 7", "fan-out of accounts,posts: 0"],
            Behind("rookery_consumer_behind_events")
        );
        Assert.Equal(["counts of accounts,posts: 1"], Behind("rookery_dead_letters"));
        Assert.Equal(2.5, Only("rookery_outbox_oldest_seconds").Value);
        known = [];
        Assert.Empty(Behind("rookery_consumer_behind_events"));
        Assert.Empty(Series("rookery_outbox_oldest_seconds"));
    }

    [Fact]
    public void Readiness_is_asked_at_every_look()
    {
        var isReady = false;
        _events.ReadinessIs(() => isReady, () => [("database", true), ("bus", isReady)]);

        Assert.Equal(0, Only("rookery_ready").Value);
        Assert.Equal(
            [("database", 1d), ("bus", 0d)],
            Series("rookery_part_ready").Select(one => (one.Labels[0], one.Value))
        );
        isReady = true;
        Assert.Equal(1, Only("rookery_ready").Value);
    }

    [Fact]
    public void Another_server_in_the_same_process_is_not_heard()
    {
        using var others = new OwnMeters();
        new TelemetryEvents(others).SignedUp();
        Assert.Equal(0, Only("rookery_sign_ups_total").Value);
    }

    [Fact]
    public void The_memory_that_labels_take_is_bounded()
    {
        for (var i = 0; i < MetricFamily.MostSeries + 10; i++)
        {
            _events.LimitRefused($"{i}");
        }

        var series = Series("rookery_limits_refused_total");
        Assert.Equal(MetricFamily.MostSeries + 1, series.Count);
        Assert.Equal(10, series.Single(one => one.Labels[0] == "(more)").Value);
    }

    [Fact]
    public void Telling_allocates_nothing()
    {
        Assert.Equal(
            0,
            LeastAllocated.Of(() =>
            {
                _events.RequestAnswered("/a", "GET", 200, TimeSpan.FromMilliseconds(1));
                _events.EventCommitted("post.accepted");
                _events.GroupCommitted(3, TimeSpan.FromMilliseconds(2));
                _events.GroupFailed();
                _events.PostPushed(12, TimeSpan.FromMilliseconds(30));
                _events.HomeReadFromMemory();
                _events.HomeReadFromPushed();
                _events.HomeReadFromTruth();
                _events.TimelineRebuilt();
                _events.TimelineStoreRead(TimeSpan.FromMilliseconds(1));
                _events.TimelineStorePushed(TimeSpan.FromMilliseconds(1));
                _events.PageLookedFor(isWhole: true);
                _events.PageLookedFor(isWhole: false);
                _events.SharedLookedFor(20, 3);
                _events.Searched(TimeSpan.FromMilliseconds(3));
                _events.StreamOpened();
                _events.StreamClosed();
                _events.SignedUp();
                _events.LoggedIn();
                _events.LogInRefused();
                _events.LimitRefused("reads");
            })
        );
    }

    public void Dispose()
    {
        _measurements.Dispose();
        _meters.Dispose();
    }

    private IEnumerable<string> Behind(string name) =>
        Series(name).Select(one => $"{one.Labels[0]} of {one.Labels[1]}: {one.Value}");

    private SeriesReading Only(string name) => Assert.Single(Series(name));

    private IReadOnlyList<SeriesReading> Series(string name) =>
        _measurements.Read().Single(one => one.Name == name).Series;
}
