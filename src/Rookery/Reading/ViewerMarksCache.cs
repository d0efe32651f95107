using Rookery.Posts;

namespace Rookery.Reading;

/// <summary>
/// What viewers have liked and reposted lately, so that a page shows it without asking the database. A viewer's marks are complete for posts at
/// or above their floor. Loads and events meet under one lock per stripe: a mark set by the viewer during its load makes the load start over.
/// </summary>
internal sealed class ViewerMarksCache(IPosts posts)
{
    /// <summary>The newest marks that are held; older posts' are read when such a page is.</summary>
    private const int Held = 1_000;

    /// <summary>Viewers of one stripe; the least recently loaded give way.</summary>
    private const int ViewersPerStripe = 256;

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, 64).Select(_ => new Stripe())];

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
            if (!stripe.Viewers.TryGetValue(viewer, out var marks))
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
                stripe.Viewers.Clear();
                stripe.Loading.Clear();
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
            lock (stripe.Lock)
            {
                if (stripe.Viewers.ContainsKey(viewer))
                {
                    return;
                }

                stripe.Loading.Add(viewer);
            }

            var newest = await posts.NewestMarksAsync(viewer, Held, token);
            installed = stripe.TryInstall(viewer, new Marks(newest, Held));
        }
    }

    private void Change(AccountId viewer, Action<Marks> change)
    {
        var stripe = StripeOf(viewer);
        lock (stripe.Lock)
        {
            stripe.Loading.Remove(viewer);
            if (stripe.Viewers.TryGetValue(viewer, out var marks))
            {
                change(marks);
                if (marks.Liked.Count + marks.Reposted.Count > 4 * Held)
                {
                    // Loaded anew with a higher floor when it is next needed.
                    stripe.Viewers.Remove(viewer);
                }
            }
        }
    }

    private Stripe StripeOf(AccountId viewer) =>
        _stripes[viewer.Value.GetHashCode() & (_stripes.Length - 1)];

    private sealed class Stripe
    {
        private readonly Queue<(AccountId Viewer, Marks Marks)> _order = [];

        public Lock Lock { get; } = new();

        public Dictionary<AccountId, Marks> Viewers { get; } = [];

        /// <summary>Viewers whose marks are being read; one whose marks change meanwhile is taken out and read again.</summary>
        public HashSet<AccountId> Loading { get; } = [];

        public bool TryInstall(AccountId viewer, Marks marks)
        {
            lock (Lock)
            {
                if (!Loading.Remove(viewer))
                {
                    return false;
                }

                Viewers[viewer] = marks;
                _order.Enqueue((viewer, marks));
                while (_order.Count > ViewersPerStripe)
                {
                    var (oldest, held) = _order.Dequeue();
                    if (Viewers.TryGetValue(oldest, out var current) && current == held)
                    {
                        Viewers.Remove(oldest);
                    }
                }

                return true;
            }
        }
    }

    private sealed class Marks
    {
        public Marks(NewestMarks newest, int limit)
        {
            Liked = [.. newest.Liked];
            Reposted = [.. newest.Reposted];
            Floor = new PostId(
                Math.Max(FloorOf(newest.Liked, limit), FloorOf(newest.Reposted, limit))
            );
        }

        public HashSet<PostId> Liked { get; }

        public HashSet<PostId> Reposted { get; }

        public PostId Floor { get; }

        public bool IsEmpty => Liked.Count == 0 && Reposted.Count == 0 && Floor.Value == 0;

        private static long FloorOf(IReadOnlyList<PostId> newestFirst, int limit) =>
            newestFirst.Count < limit ? 0 : newestFirst[^1].Value;
    }
}
