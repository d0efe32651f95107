using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.TestKit;
using Rookery.Tests.Graph;
using Rookery.Tests.Reading;
using Rookery.Timelines;
using Xunit;

namespace Rookery.Tests.Timelines;

/// <summary>What is done about a part of the timeline store that may have lost something.</summary>
public sealed class GuardTimelinesTests : IDisposable
{
    private const long Applied = 7;

    private static readonly AccountId Owner = new(1);

    private readonly FakeTime _time = new();
    private readonly ScriptedParts _parts = new();
    private readonly MemoryPostponedParts _postponed = new();
    private readonly ScriptedPast _past = new();
    private readonly GuardTimelines _guard;

    public GuardTimelinesTests()
    {
        var options = Options.Create(new TimelinesOptions { MergeAtReadAbove = 10 });
        var merged = new MergedAuthors(options, new AccountOrdinals());
        _guard = new GuardTimelines(
            _parts,
            _postponed,
            DeliveryLines.Only(
                new DeliveryLine(
                    null!,
                    new EventSource(_past, new AppliedBus(), new CommitLeases([]))
                )
            ),
            new FanOut(
                new ScriptedGraph(),
                new ScriptedPosts(),
                _parts,
                _postponed,
                merged,
                new LargeFanOuts(options),
                options,
                OwnMeters.Unheard(),
                _time
            ),
            merged,
            _time,
            NullLogger<GuardTimelines>.Instance
        );
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whole_parts_are_told_how_far_the_outbox_was_applied_and_left_alone()
    {
        await _guard.LookAsync(Stop);
        Assert.Equal([$"applied {Applied}"], _parts.Said);
    }

    [Fact]
    public async Task What_came_after_the_parts_stamp_is_delivered_again_before_it_counts_as_whole()
    {
        _parts.Doubt(appliedThrough: 3, tookOver: false);
        await _guard.LookAsync(Stop);
        Assert.Equal([$"applied {Applied}", "drop 5", "drop 9", "whole 9"], _parts.Said);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2L)]
    [InlineData(0L)]
    public async Task A_part_that_lacks_more_than_the_outbox_has_begins_anew(long? appliedThrough)
    {
        _parts.Doubt(appliedThrough, tookOver: false);
        await _guard.LookAsync(Stop);
        Assert.Equal([$"applied {Applied}", "clear", "whole 9"], _parts.Said);
    }

    [Fact]
    public async Task Where_another_server_took_over_the_one_before_has_stopped_before_the_outbox_is_read()
    {
        _parts.Doubt(appliedThrough: 3, tookOver: true);
        var looking = _guard.LookAsync(Stop);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal([$"applied {Applied}"], _parts.Said);

        // Acknowledged by the server before, in its last seconds.
        _past.Sequences.Add(11);
        _time.Advance(TimeSpan.FromSeconds(1));
        await looking;
        Assert.Equal(
            [$"applied {Applied}", "drop 5", "drop 9", "drop 11", "whole 11"],
            _parts.Said
        );
    }

    [Fact]
    public async Task What_was_postponed_waits_for_its_part_and_is_then_delivered_once()
    {
        await _postponed.NoteAsync([new("0-9", 5, 5)], Stop);
        await _guard.LookAsync(Stop);
        Assert.Equal([$"applied {Applied}"], _parts.Said);

        _parts.IsReached = true;
        await _guard.LookAsync(Stop);
        await _guard.LookAsync(Stop);
        Assert.Equal(
            [$"applied {Applied}", $"applied {Applied}", "drop 5", $"applied {Applied}"],
            _parts.Said
        );
    }

    [Fact]
    public async Task A_part_for_which_more_was_postponed_than_the_outbox_has_begins_anew()
    {
        await _postponed.NoteAsync([new("0-9", 2, 5)], Stop);
        _parts.IsReached = true;
        await _guard.LookAsync(Stop);
        Assert.Equal([$"applied {Applied}", "clear 0-9"], _parts.Said);
        Assert.Empty(await _postponed.AllAsync(Stop));
    }

    [Fact]
    public async Task A_part_begins_anew_where_an_event_that_it_lacks_can_never_be_applied()
    {
        _parts.Refused = 5;
        _parts.Doubt(appliedThrough: 3, tookOver: false);
        await _postponed.NoteAsync([new("0-9", 5, 9)], Stop);
        _parts.IsReached = true;
        await _guard.LookAsync(Stop);
        Assert.Equal([$"applied {Applied}", "clear", "whole 9", "clear 0-9"], _parts.Said);
        Assert.Empty(await _postponed.AllAsync(Stop));
    }

    [Fact]
    public async Task A_part_that_takes_long_keeps_no_other_waiting_and_is_begun_once()
    {
        _parts.Doubt(appliedThrough: 3, tookOver: true);
        await _guard.StartAsync(Stop);
        await SaidAsync($"applied {Applied}");
        await _postponed.NoteAsync([new("0-9", 5, 5)], Stop);
        _parts.IsReached = true;
        _time.Advance(TimeSpan.FromSeconds(1));
        await SaidAsync("drop 5");
        // The part stays doubtful all the time, here even when it is whole again.
        await AdvanceAsync(looks: 22);
        await _guard.StopAsync(Stop);
        Assert.Single(_parts.Said, said => said == "whole 9");
    }

    [Fact]
    public async Task A_part_that_is_away_is_tried_again()
    {
        _parts.Away = 9;
        await _postponed.NoteAsync([new("0-9", 5, 9)], Stop);
        _parts.IsReached = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _guard.LookAsync(Stop));
        Assert.Equal([$"applied {Applied}", "drop 5"], _parts.Said);
        Assert.Single(await _postponed.AllAsync(Stop));
    }

    public void Dispose() => _guard.Dispose();

    private Task SaidAsync(string what) =>
        Wait.UntilAsync(
            () => Task.FromResult(_parts.Said.Contains(what)),
            () => string.Join(", ", _parts.Said),
            Stop
        );

    private async Task AdvanceAsync(int looks)
    {
        for (var look = 0; look < looks; look++)
        {
            var before = Looks();
            _time.Advance(TimeSpan.FromSeconds(1));
            await Wait.UntilAsync(
                () => Task.FromResult(Looks() > before),
                () => $"{look} looks",
                Stop
            );
        }

        int Looks() => _parts.Said.Count(said => said == $"applied {Applied}");
    }

    /// <summary>Writes down what is done to it.</summary>
    private sealed class ScriptedParts : ITimelineParts, ITimelineStore
    {
        private readonly List<DoubtfulPart> _doubtful = [];

        public ConcurrentQueue<string> Said { get; } = [];

        public void Doubt(long? appliedThrough, bool tookOver) =>
            _doubtful.Add(
                new DoubtfulPart(
                    "a part",
                    appliedThrough is { } through ? [through] : null,
                    tookOver,
                    this
                )
            );

        public ValueTask<IReadOnlyList<DoubtfulPart>> CheckAsync(
            IReadOnlyList<long> appliedThrough,
            IReadOnlyList<LackingPart> lacking,
            CancellationToken token
        )
        {
            Said.Enqueue($"applied {appliedThrough.Single()}");
            return ValueTask.FromResult<IReadOnlyList<DoubtfulPart>>(_doubtful);
        }

        public bool IsReached { get; set; }

        /// <summary>Whose timeline cannot be dropped, whenever it is tried.</summary>
        public long Refused { get; set; }

        /// <summary>Whose timeline cannot be reached.</summary>
        public long Away { get; set; }

        public ITimelineStore? Within(string part) => IsReached ? this : null;

        public ValueTask ClearAsync(string part, CancellationToken token)
        {
            Said.Enqueue($"clear {part}");
            return ValueTask.CompletedTask;
        }

        public ValueTask ClearAsync(DoubtfulPart part, CancellationToken token)
        {
            Said.Enqueue("clear");
            return ValueTask.CompletedTask;
        }

        public ValueTask<bool> ConfirmAsync(
            DoubtfulPart part,
            IReadOnlyList<long> appliedThrough,
            CancellationToken token
        )
        {
            Said.Enqueue($"whole {appliedThrough.Single()}");
            return ValueTask.FromResult(true);
        }

        public ValueTask DropAsync(ReadOnlyMemory<AccountId> owners, CancellationToken token)
        {
            var owner = owners.Span[0].Value;
            if (owner == Refused)
            {
                throw new InvalidOperationException("a bug");
            }

            if (owner == Away)
            {
                throw new StoreUnavailableException("away");
            }

            Said.Enqueue($"drop {owner}");
            return ValueTask.CompletedTask;
        }

        public ValueTask PushAsync(
            ReadOnlyMemory<AccountId> owners,
            TimelineEntry entry,
            CancellationToken token
        ) => throw new NotSupportedException();

        public ValueTask<RebuildToken?> BeginRebuildAsync(
            AccountId owner,
            CancellationToken token
        ) => throw new NotSupportedException();

        public ValueTask<bool> FinishRebuildAsync(
            AccountId owner,
            RebuildToken rebuild,
            IReadOnlyList<TimelineEntry> newestFirst,
            PostId floor,
            CancellationToken token
        ) => throw new NotSupportedException();

        public ValueTask<TimelinePart> ReadAsync(
            AccountId owner,
            int newest,
            CancellationToken token
        ) => throw new NotSupportedException();

        public IAsyncEnumerable<AccountId> OwnersAsync(CancellationToken token) =>
            throw new NotSupportedException();
    }

    /// <summary>Each event is a follow by the account of its number, so that a drop tells which it was.</summary>
    private sealed class ScriptedPast : IPastEvents
    {
        public Task<string> OutboxAsync(CancellationToken token) => Task.FromResult("scripted");

        public List<long> Sequences { get; } = [3, 5, 9];

        public ValueTask<long> LastAsync(CancellationToken token) =>
            ValueTask.FromResult(Sequences[^1]);

        public ValueTask<bool> StandsAsync(long sequence, CancellationToken token) =>
            ValueTask.FromResult(Sequences.Contains(sequence));

        public IAsyncEnumerable<IReadOnlyList<Committed>> BetweenAsync(
            long after,
            long through,
            CancellationToken token
        ) =>
            Sequences
                .Where(sequence => sequence > after && sequence <= through)
                .Select(sequence => new Committed(
                    sequence,
                    new Followed(new AccountId(sequence), Owner)
                ))
                .Chunk(1)
                .ToAsyncEnumerable();
    }

    private sealed class AppliedBus : IEventBus
    {
        public bool ReachesOthers => false;

        public ValueTask<long> AppliedThroughAsync(CancellationToken token) =>
            ValueTask.FromResult(Applied);

        public Task PublishAsync(OutboxStretch stretch, CancellationToken token) =>
            throw new NotSupportedException();

        public Task<Redelivery> RedeliverAsync(
            string? consumer,
            Committed happened,
            CancellationToken token
        ) => throw new NotSupportedException();
    }
}
