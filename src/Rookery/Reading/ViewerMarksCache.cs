using Microsoft.Extensions.Options;
using Rookery.Posts;

namespace Rookery.Reading;

/// <summary>
/// What viewers have liked and reposted lately, so that a page shows it without asking the database. A viewer's marks are complete for posts at
/// or above their floor. Loads and events meet under one lock per stripe: a mark set by the viewer during its load makes the load start over.
/// </summary>
internal sealed class ViewerMarksCache(IPosts posts, IOptions<ReadingOptions> options)
{
    private const int Stripes = 64;

    /// <summary>The newest marks that are held; older posts' are read when such a page is.</summary>
    private const int Held = 1_000;

    private readonly Stripe[] _stripes =
    [
        .. Enumerable
            .Range(0, Stripes)
            .Select(_ => new Stripe(options.Value.MarksCacheBytes / Stripes)),
    ];

    /// <summary>What all that is held takes, nearly.</summary>
    public long HeldBytes => _stripes.Sum(stripe => stripe.LockedBytes());

    /// <summary>Writes each post's marks into <paramref name="flags"/>. False where they are not in memory: <see cref="LoadAsync"/>.</summary>
    public bool TryMark(
        AccountId viewer,
        ReadOnlySpan<FragmentRef> entries,
        Span<ViewerFlags> flags
    )
    {
        var stripe = StripeOf(viewer);
        lock (stripe.Lock)
        {
            if (stripe.Find(viewer) is not { } marks)
            {
                return false;
            }

            if (marks.IsEmpty)
            {
                return true;
            }

            for (var i = 0; i < entries.Length; i++)
            {
                var id = entries[i].Id;
                if (id < marks.Floor && entries[i].Header.LikedAt != 0)
                {
                    return false;
                }

                flags[i] =
                    (marks.Liked.Contains(id) ? ViewerFlags.Liked : ViewerFlags.None)
                    | (marks.Reposted.Contains(id) ? ViewerFlags.Reposted : ViewerFlags.None);
            }

            return true;
        }
    }

    public async ValueTask MarkAsync(
        AccountId viewer,
        ReadOnlyMemory<FragmentRef> entries,
        Memory<ViewerFlags> flags,
        CancellationToken token
    )
    {
        if (TryMark(viewer, entries.Span, flags.Span))
        {
            return;
        }

        await LoadAsync(viewer, token);
        if (TryMark(viewer, entries.Span, flags.Span))
        {
            return;
        }

        // Older than what is held: asked for this page alone.
        var ids = entries.ToArray().Select(entry => entry.Id).ToArray();
        var marks = await posts.MarksAsync(viewer, ids, token);
        for (var i = 0; i < ids.Length; i++)
        {
            var mark = marks.GetValueOrDefault(ids[i]);
            flags.Span[i] =
                (mark.Liked ? ViewerFlags.Liked : ViewerFlags.None)
                | (mark.Reposted ? ViewerFlags.Reposted : ViewerFlags.None);
        }
    }

    public void Liked(AccountId viewer, PostId post, bool liked) =>
        Change(viewer, marks => Set(marks.Liked, post, liked));

    public void Reposted(AccountId viewer, PostId original, bool reposted) =>
        Change(viewer, marks => Set(marks.Reposted, original, reposted));

    public void Forget()
    {
        foreach (var stripe in _stripes)
        {
            lock (stripe.Lock)
            {
                stripe.Clear();
            }
        }
    }

    private static void Set(HashSet<PostId> set, PostId post, bool present)
    {
        if (present)
        {
            set.Add(post);
        }
        else
        {
            set.Remove(post);
        }
    }

    private async ValueTask LoadAsync(AccountId viewer, CancellationToken token)
    {
        var stripe = StripeOf(viewer);
        for (var installed = false; !installed; )
        {
            object load;
            lock (stripe.Lock)
            {
                if (stripe.Find(viewer) is not null)
                {
                    return;
                }

                load = stripe.BeginLoad(viewer);
            }

            var newest = await posts.NewestMarksAsync(viewer, Held, token);
            var marks = new Marks(viewer, newest, Held);
            lock (stripe.Lock)
            {
                installed = stripe.TryInstall(load, marks);
            }
        }
    }

    private void Change(AccountId viewer, Action<Marks> change)
    {
        var stripe = StripeOf(viewer);
        lock (stripe.Lock)
        {
            stripe.Change(viewer, change);
        }
    }

    // The upper bits of a product with the golden ratio: ids differ little in some of theirs.
    private Stripe StripeOf(AccountId viewer) =>
        _stripes[(int)(((ulong)viewer.Value * 0x9E37_79B9_7F4A_7C15UL) >> 58)];

    /// <summary>All of it inside its lock.</summary>
    private sealed class Stripe(long room)
    {
        private readonly Dictionary<AccountId, LinkedListNode<Marks>> _viewers = [];

        /// <summary>The least recently read first.</summary>
        private readonly LinkedList<Marks> _order = [];

        /// <summary>Loads on their way. A viewer whose marks change meanwhile is taken out, and no load begun before may install what it read.</summary>
        private readonly Dictionary<AccountId, object> _loading = [];

        private long _bytes;

        public Lock Lock { get; } = new();

        public long LockedBytes()
        {
            lock (Lock)
            {
                return _bytes;
            }
        }

        public Marks? Find(AccountId viewer)
        {
            if (!_viewers.TryGetValue(viewer, out var held))
            {
                return null;
            }

            if (held.Next is not null)
            {
                _order.Remove(held);
                _order.AddLast(held);
            }

            return held.Value;
        }

        /// <summary>Readers who begin after the same change share one load: what each of them reads is as new as the others'.</summary>
        public object BeginLoad(AccountId viewer)
        {
            if (!_loading.TryGetValue(viewer, out var load))
            {
                load = new object();
                _loading.Add(viewer, load);
            }

            return load;
        }

        /// <summary>False where the marks changed since the load began: what it read may be older.</summary>
        public bool TryInstall(object load, Marks marks)
        {
            if (!_loading.TryGetValue(marks.Viewer, out var current) || current != load)
            {
                return false;
            }

            _loading.Remove(marks.Viewer);
            _viewers.Add(marks.Viewer, _order.AddLast(marks));
            _bytes += marks.Bytes;
            MakeRoom();
            return true;
        }

        public void Change(AccountId viewer, Action<Marks> change)
        {
            _loading.Remove(viewer);
            if (!_viewers.TryGetValue(viewer, out var held))
            {
                return;
            }

            _bytes -= held.Value.Bytes;
            change(held.Value);
            _bytes += held.Value.Bytes;
            if (held.Value.Liked.Count + held.Value.Reposted.Count > 4 * Held)
            {
                // Loaded anew with a higher floor when it is next needed.
                Remove(held);
            }

            MakeRoom();
        }

        public void Clear()
        {
            _viewers.Clear();
            _order.Clear();
            _loading.Clear();
            _bytes = 0;
        }

        private void MakeRoom()
        {
            while (_bytes > room && _order.First is { } oldest)
            {
                Remove(oldest);
            }
        }

        private void Remove(LinkedListNode<Marks> held)
        {
            _viewers.Remove(held.Value.Viewer);
            _order.Remove(held);
            _bytes -= held.Value.Bytes;
        }
    }

    private sealed class Marks
    {
        // The two empty sets, their node and their place in the table.
        private const int BytesOfViewer = 320;

        // What a set takes for each place: the id, its hash, the next of its bucket, and the bucket.
        private const int BytesOfMark = 20;

        public Marks(AccountId viewer, NewestMarks newest, int limit)
        {
            Viewer = viewer;
            Liked = new HashSet<PostId>(newest.Liked);
            Reposted = new HashSet<PostId>(newest.Reposted);
            Floor = new PostId(
                Math.Max(FloorOf(newest.Liked, limit), FloorOf(newest.Reposted, limit))
            );
        }

        public AccountId Viewer { get; }

        public long Bytes =>
            BytesOfViewer + (BytesOfMark * (long)(Liked.Capacity + Reposted.Capacity));

        public HashSet<PostId> Liked { get; }

        public HashSet<PostId> Reposted { get; }

        public PostId Floor { get; }

        public bool IsEmpty => Liked.Count == 0 && Reposted.Count == 0 && Floor.Value == 0;

        private static long FloorOf(IReadOnlyList<PostId> newestFirst, int limit) =>
            newestFirst.Count < limit ? 0 : newestFirst[^1].Value;
    }
}
