using Rookery.Posts;

namespace Rookery.Reading;

/// <summary>
/// The numbers of posts that were counted lately. A rendering whose row was read before a count and is kept after it takes them from here;
/// otherwise it would show the old number until the next one.
/// </summary>
internal sealed class RecentCounts(TimeProvider time)
{
    /// <summary>Longer than any row is under way from its read to the ring.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Dictionary<PostId, (PostCounts Counts, long At)> _counts = [];
    private readonly Queue<(PostId Post, long At)> _order = [];

    public void Add(PostId post, PostCounts counts)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            _counts[post] = (counts, now);
            _order.Enqueue((post, now));
            while (_order.Count > 0 && time.GetElapsedTime(_order.Peek().At, now) > Kept)
            {
                var (old, at) = _order.Dequeue();
                if (_counts.TryGetValue(old, out var held) && held.At == at)
                {
                    _counts.Remove(old);
                }
            }
        }
    }

    public bool TryGet(PostId post, out PostCounts counts)
    {
        lock (_lock)
        {
            var found = _counts.TryGetValue(post, out var held);
            counts = held.Counts;
            return found;
        }
    }
}
