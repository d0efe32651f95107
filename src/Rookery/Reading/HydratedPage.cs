using Rookery.Timelines;

namespace Rookery.Reading;

/// <summary>The posts of one stretch of a list, by place: the rendered post, and for a repost its original.</summary>
internal sealed class HydratedPage
{
    private readonly PostId[] _ids = new PostId[HomeRead.Capacity];

    public FragmentRef[] Posts { get; } = new FragmentRef[HomeRead.Capacity];

    public FragmentRef[] Originals { get; } = new FragmentRef[HomeRead.Capacity];

    public int Count { get; private set; }

    public ReadOnlySpan<PostId> Ids => _ids.AsSpan(0, Count);

    /// <summary>The posts and originals that are not for everybody.</summary>
    public List<FragmentHeader> Guarded()
    {
        var guarded = new List<FragmentHeader>();
        for (var i = 0; i < Count; i++)
        {
            AddGuarded(Posts[i], guarded);
            AddGuarded(Originals[i], guarded);
        }

        return guarded;
    }

    private static void AddGuarded(in FragmentRef post, List<FragmentHeader> guarded)
    {
        if (post.Exists && post.Header.Visibility >= FragmentFlags.Followers)
        {
            guarded.Add(post.Header);
        }
    }

    public void Set(ReadOnlySpan<long> ids)
    {
        Count = ids.Length;
        for (var i = 0; i < ids.Length; i++)
        {
            _ids[i] = new PostId(ids[i]);
        }
    }
}
