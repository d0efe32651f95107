namespace Rookery.Timelines;

/// <summary>
/// One stretch of a timeline and the buffers its reading needs; reused, so that a read allocates nothing. The ids found stand in
/// <see cref="Ids"/>, newest first.
/// </summary>
internal sealed class HomeRead
{
    /// <summary>A page and what rules may take from it.</summary>
    public const int Capacity = Page.MaxCount + 56;

    private int[] _followees = new int[512];
    private PostId? _reached;

    public AccountId Viewer { get; private set; }

    public bool IncludeOwn { get; private set; }

    /// <summary>Nothing may be missing that is committed: what is pushed comes some milliseconds later, so it is read from where it is pushed from.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Ids are strictly below this.</summary>
    public long Below { get; private set; }

    /// <summary>Ids are strictly above this.</summary>
    public long Above { get; private set; }

    /// <summary>The oldest ids of the range are wanted instead of the newest.</summary>
    public bool FromBelow { get; private set; }

    /// <summary>How many ids are wanted, at most <see cref="Capacity"/>.</summary>
    public int Want { get; private set; }

    public long[] Ids { get; } = new long[Capacity];

    public int Count { get; set; }

    /// <summary>False where the range has no further ids beyond those found.</summary>
    public bool More { get; set; }

    public int FolloweeCount { get; set; }

    /// <summary>Followees, then the owner's inbox of direct posts, then the owner where own posts are wanted.</summary>
    public int SourceCount { get; set; }

    /// <summary>Room for the sources' ordinals; grown by who fills it.</summary>
    public ref int[] Followees => ref _followees;

    /// <summary>Room for those sources of a pushed timeline that are merged; grown by who fills it.</summary>
    public int[] MergedSources { get; set; } = [];

    public ReadOnlySpan<int> FolloweeSpan => _followees.AsSpan(0, FolloweeCount);

    public ReadOnlySpan<int> SourceSpan => _followees.AsSpan(0, SourceCount);

    public void Start(AccountId viewer, Page page, int want, bool includeOwn)
    {
        Viewer = viewer;
        IncludeOwn = includeOwn;
        IsWhole = false;
        Below = page.Below;
        Above = page.Above;
        FromBelow = page.FromBelow;
        Want = Math.Min(want, Capacity);
        Count = 0;
        More = true;
        _reached = null;
        FolloweeCount = 0;
        SourceCount = 0;
    }

    /// <summary>Moves the range past what was found. Each stretch wants twice as much: a long run of hidden posts costs few of them.</summary>
    public void Continue()
    {
        Want = Math.Min(2 * Want, Capacity);
        if (Next is { } next && FromBelow)
        {
            Above = next.Value;
        }
        else if (Next is { } older)
        {
            Below = older.Value;
        }

        Count = 0;
        _reached = null;
    }

    /// <summary>Where what follows on this stretch begins, an exclusive bound; null where nothing was found or looked at.</summary>
    public PostId? Next =>
        _reached ?? (Count > 0 ? new PostId(Ids[FromBelow ? 0 : Count - 1]) : null);

    public Page AsPage() =>
        new(
            Want,
            Below == long.MaxValue ? null : new PostId(Below),
            FromBelow ? null : new PostId(Above),
            FromBelow ? new PostId(Above) : null
        );

    /// <summary>Takes a page of ids, newest first, that truth gave.</summary>
    /// <param name="reached">Where fewer than are wanted are not the last: how far was looked.</param>
    public void Set(IReadOnlyList<PostId> ids, PostId? reached = null)
    {
        Count = Math.Min(ids.Count, Capacity);
        for (var i = 0; i < Count; i++)
        {
            Ids[i] = ids[i].Value;
        }

        _reached = reached;
        More = ids.Count >= Want || reached is not null;
    }
}
