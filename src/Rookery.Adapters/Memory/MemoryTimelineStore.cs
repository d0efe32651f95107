using Microsoft.Extensions.Options;
using Rookery.Timelines;

namespace Rookery.Adapters.Memory;

/// <summary>The small reference of the timeline store: one process, one lock, exact floors.</summary>
internal sealed class MemoryTimelineStore(IOptions<TimelinesOptions> options, TimeProvider time)
    : ITimelineStore,
        ITimelineParts
{
    private static readonly TimeSpan RebuildLease = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<AccountId, Timeline> _timelines = [];
    private long _lastToken;

    public ValueTask PushAsync(
        ReadOnlyMemory<AccountId> owners,
        TimelineEntry entry,
        CancellationToken token
    )
    {
        lock (_lock)
        {
            foreach (var owner in owners.Span)
            {
                if (Find(owner) is { } timeline && entry.Post > timeline.Floor)
                {
                    timeline.Entries.Add(entry);
                    Trim(timeline);
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<RebuildToken?> BeginRebuildAsync(AccountId owner, CancellationToken token)
    {
        lock (_lock)
        {
            if (Find(owner) is not null)
            {
                return ValueTask.FromResult<RebuildToken?>(null);
            }

            var rebuild = new RebuildToken(++_lastToken);
            _timelines[owner] = new Timeline(rebuild, time.GetTimestamp());
            return ValueTask.FromResult<RebuildToken?>(rebuild);
        }
    }

    public ValueTask<bool> FinishRebuildAsync(
        AccountId owner,
        RebuildToken rebuild,
        IReadOnlyList<TimelineEntry> newestFirst,
        PostId floor,
        CancellationToken token
    )
    {
        lock (_lock)
        {
            if (Find(owner) is not { } timeline || timeline.Rebuild != rebuild)
            {
                return ValueTask.FromResult(false);
            }

            foreach (var entry in newestFirst)
            {
                timeline.Entries.Add(entry);
            }

            timeline.Rebuild = null;
            timeline.Floor = floor;
            Trim(timeline);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask DropAsync(ReadOnlyMemory<AccountId> owners, CancellationToken token)
    {
        lock (_lock)
        {
            foreach (var owner in owners.Span)
            {
                _timelines.Remove(owner);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<TimelinePart> ReadAsync(AccountId owner, int newest, CancellationToken token)
    {
        lock (_lock)
        {
            if (Find(owner) is not { Rebuild: null } timeline)
            {
                return ValueTask.FromResult(TimelinePart.None);
            }

            timeline.UsedAt = time.GetTimestamp();
            var entries = timeline.Entries.Take(newest).ToList();
            // Entries that came late may lie below the floor: a part that ends among them claims no more than the whole.
            var cut = entries.Count < timeline.Entries.Count ? LowestOf(entries) : default;
            var completeAbove = cut > timeline.Floor ? cut : timeline.Floor;
            return ValueTask.FromResult(new TimelinePart(entries, completeAbove));
        }
    }

    public IAsyncEnumerable<AccountId> OwnersAsync(CancellationToken token)
    {
        lock (_lock)
        {
            return _timelines
                .Keys.ToList()
                .Where(owner => Find(owner) is { Rebuild: null })
                .ToList()
                .ToAsyncEnumerable();
        }
    }

    /// <summary>One piece, which is lost with the process or not at all.</summary>
    public ValueTask<IReadOnlyList<DoubtfulPart>> CheckAsync(
        IReadOnlyList<long> appliedThrough,
        IReadOnlyList<LackingPart> lacking,
        CancellationToken token
    ) => ValueTask.FromResult<IReadOnlyList<DoubtfulPart>>([]);

    public ITimelineStore? Within(string part) => this;

    public ValueTask ClearAsync(string part, CancellationToken token)
    {
        lock (_lock)
        {
            _timelines.Clear();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ClearAsync(DoubtfulPart part, CancellationToken token) =>
        ValueTask.CompletedTask;

    public ValueTask<bool> ConfirmAsync(
        DoubtfulPart part,
        IReadOnlyList<long> appliedThrough,
        CancellationToken token
    ) => ValueTask.FromResult(true);

    /// <summary>Where a part ends that was cut off after these.</summary>
    private static PostId LowestOf(List<TimelineEntry> entries) =>
        entries.Count == 0 ? PostId.Newest : new(entries[^1].Post.Value - 1);

    /// <summary>The owner's timeline, unless it lapsed: unvisited for too long, or its rebuilder died.</summary>
    private Timeline? Find(AccountId owner)
    {
        if (!_timelines.TryGetValue(owner, out var timeline))
        {
            return null;
        }

        var lifetime = timeline.Rebuild is null
            ? TimeSpan.FromDays(options.Value.PushedDays)
            : RebuildLease;
        if (time.GetElapsedTime(timeline.UsedAt) < lifetime)
        {
            return timeline;
        }

        _timelines.Remove(owner);
        return null;
    }

    private void Trim(Timeline timeline)
    {
        // A timeline that is being built has no floor yet, so nothing of it may be cut.
        while (timeline.Rebuild is null && timeline.Entries.Count > options.Value.PushedLength)
        {
            var oldest = timeline.Entries.Max;
            timeline.Entries.Remove(oldest);
            timeline.Floor = oldest.Post > timeline.Floor ? oldest.Post : timeline.Floor;
#if SEEDED_BUGS
            if (SeededBugs.Is("pushed-tail-lost-on-trim"))
                timeline.Floor = default;
#endif
        }
    }

    private sealed class Timeline(RebuildToken rebuild, long usedAt)
    {
        /// <summary>Newest first: the set's greatest is the oldest.</summary>
        public SortedSet<TimelineEntry> Entries { get; } =
            new(Comparer<TimelineEntry>.Create((left, right) => right.Post.CompareTo(left.Post)));

        public PostId Floor { get; set; }

        public RebuildToken? Rebuild { get; set; } = rebuild;

        public long UsedAt { get; set; } = usedAt;
    }
}
