namespace Rookery.Reading;

/// <summary>
/// Posts that truth was asked for a moment ago and does not show: what passes on what a suspended account wrote keeps its place in timelines, and must not cost
/// every read of them a question. Forgotten when anything may be shown again, and after half a minute in any case. Ids that may still be given to a post are
/// not kept: who asks for them early must not hide what comes.
/// </summary>
internal sealed class GonePosts(TimeProvider time)
{
    private const int Most = 1 << 14;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly BoundedCache<PostId, Gone> _gone = new(Most);
    private int _changes;
    private long _newest;

    /// <summary>Call before truth is asked; hand the answer to <see cref="Add"/>.</summary>
    public Begun BeginRead() => new(Volatile.Read(ref _changes), Volatile.Read(ref _newest));

    public void Add(PostId post, Begun begun)
    {
        if (post.Value <= begun.Newest)
        {
            _gone.Put(post, new Gone(begun.Changes, time.GetTimestamp()));
        }
    }

    public bool Contains(PostId post) =>
        _gone.Find(post) is { } gone
        && gone.Changes == Volatile.Read(ref _changes)
        && time.GetElapsedTime(gone.Since) < Lifetime;

    /// <summary>On the commit thread: every smaller id of a post that was not imported is readable.</summary>
    public void Accepted(PostId post) =>
        Volatile.Write(ref _newest, Math.Max(Volatile.Read(ref _newest), post.Value));

    public void Forget() => Interlocked.Increment(ref _changes);

    /// <param name="Newest">The largest id that was given by then.</param>
    public readonly record struct Begun(int Changes, long Newest);

    private sealed record Gone(int Changes, long Since);
}
