using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Api.Mastodon;
using Rookery.Delivery;
using Rookery.Live;
using Rookery.Reading;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Live;

/// <summary>How much of what was missed is sent, and what it costs others.</summary>
public sealed class ReplayBoundsTests : IAsyncLifetime
{
    private readonly MastodonSite _site = new("http://a", "http://a");
    private World _world = null!;
    private LivePosition _since;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IServiceProvider Parts => _world.Server.Services;

    public async ValueTask InitializeAsync()
    {
        _world = await World.CreateAsync(
            Stop,
            new Dictionary<string, string?>
            {
                ["Live:ReplaysAtOnce"] = "1",
                // Just as many as are missed.
                ["Live:ReplayedPosts"] = "2",
            }
        );
        await PostAsync("seen");
        _since = await NowAsync();
        await PostAsync("missed");
        await PostAsync("missed too");
    }

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_reader_who_takes_nothing_keeps_no_other_waiting()
    {
        var replay = Parts.GetRequiredService<ReplayMissed>();
        var stuck = new HeldPipe();
        var first = ReplayAsync(replay, stuck);
        await stuck.Flushing;

        var other = new HeldPipe();
        other.Release();
        await ReplayAsync(replay, other);
        Assert.Equal(2, CountOf("event: update", other));
        Assert.False(first.IsCompleted);
        stuck.Release();
        await first;
    }

    [Theory]
    [InlineData(23, 2, 0)]
    [InlineData(25, 0, 1)]
    public async Task Posts_are_sent_for_a_day_and_then_it_is_told_that_there_were_some(
        int hours,
        int updates,
        int gaps
    )
    {
        var later = new FakeTime();
        later.SetWallClock(_since.Post.CreatedAt.AddHours(hours));
        using var replay = ActivatorUtilities.CreateInstance<ReplayMissed>(Parts, later);
        var pipe = new HeldPipe();
        pipe.Release();
        await ReplayAsync(replay, pipe);

        Assert.Equal(updates, CountOf("event: update", pipe));
        Assert.Equal(gaps, CountOf("event: gap", pipe));
    }

    [Fact]
    public async Task Who_was_away_longer_than_a_day_and_missed_nothing_is_told_nothing()
    {
        _since = await NowAsync();
        await PostAsync("seen by nobody who follows", _world.Carol);
        var later = new FakeTime();
        later.SetWallClock(_since.Post.CreatedAt.AddDays(3));
        using var replay = ActivatorUtilities.CreateInstance<ReplayMissed>(Parts, later);
        var pipe = new HeldPipe();
        pipe.Release();
        await ReplayAsync(replay, pipe);

        Assert.Equal("", pipe.Text);
    }

    [Fact]
    public async Task Deletions_that_the_outbox_has_no_more_are_a_gap_and_posts_are_sent_all_the_same()
    {
        await _world.SettleAsync(Stop);
        foreach (var line in Parts.GetRequiredService<DeliveryLines>().All)
        {
            await line.Outbox.PruneAsync(DateTimeOffset.MaxValue, Stop);
        }

        var pipe = new HeldPipe();
        pipe.Release();
        await ReplayAsync(Parts.GetRequiredService<ReplayMissed>(), pipe);
        Assert.Equal(1, CountOf("\"event\":\"delete\"", pipe));
        Assert.Equal(0, CountOf("\"event\":\"update\"", pipe));
        Assert.Equal(2, CountOf("event: update", pipe));
    }

    private async Task ReplayAsync(ReplayMissed replay, HeldPipe pipe)
    {
        var view = new LiveHome(Parts.GetRequiredService<ReadTimeline>(), _world.Bob.Id);
        var start = view.Start = await NowAsync();
        var stream = new LiveStream(view.Viewer, default, start, 1, () => { });
        await replay.HandleAsync(_since, stream, view, _site, new EventWriter(pipe, stream), Stop);
    }

    /// <summary>Where a stream would start.</summary>
    private async Task<LivePosition> NowAsync()
    {
        using var stream = await EventStream.OpenAsync(
            _world.Server.Http,
            "user",
            _world.Bob.Token,
            Stop
        );
        Assert.True(LivePosition.TryParse(stream.At, out var now));
        return now;
    }

    private static int CountOf(string text, HeldPipe pipe) => pipe.Text.Split(text).Length - 1;

    private async Task PostAsync(string text, ClassicClient? author = null) =>
        (await (author ?? _world.Alice).PostAsync(text, Stop)).Require(201);

    /// <summary>A response whose reader takes nothing until he is let.</summary>
    private sealed class HeldPipe : PipeWriter
    {
        private readonly byte[] _buffer = new byte[1 << 16];
        private readonly TaskCompletionSource _flushing = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        private readonly TaskCompletionSource<FlushResult> _taken = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        private int _length;

        public Task Flushing => _flushing.Task;

        public string Text => Encoding.UTF8.GetString(_buffer, 0, _length);

        public override bool CanGetUnflushedBytes => true;

        public override long UnflushedBytes => _length;

        public void Release() => _taken.TrySetResult(default);

        public override void Advance(int bytes) => _length += bytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer.AsMemory(_length);

        public override Span<byte> GetSpan(int sizeHint = 0) => _buffer.AsSpan(_length);

        public override ValueTask<FlushResult> FlushAsync(
            CancellationToken cancellationToken = default
        )
        {
            _flushing.TrySetResult();
            return new ValueTask<FlushResult>(_taken.Task);
        }

        public override void CancelPendingFlush() { }

        public override void Complete(Exception? exception = null) { }
    }
}
