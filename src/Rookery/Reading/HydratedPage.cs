using System.Runtime.CompilerServices;
using Rookery.Timelines;

namespace Rookery.Reading;

/// <summary>The posts of one stretch of a list, by place: the rendered post, and for a repost its original.</summary>
internal sealed class HydratedPage
{
    private readonly PostId[] _ids = new PostId[HomeRead.Capacity];

    // What the ring cannot keep, for as long as the page: entries that were kept of earlier stretches point into it.
    private readonly Dictionary<PostId, (byte[] Payload, FragmentRef Found)> _outside = [];

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

    /// <summary>Holds a rendering beside the ring until <see cref="Clear"/>.</summary>
    public unsafe void KeepOutside(in FragmentHeader header, ReadOnlySpan<byte> payload)
    {
        var pinned = GC.AllocateUninitializedArray<byte>(payload.Length, pinned: true);
        payload.CopyTo(pinned);
        var found = FragmentRef.OutsideOfRing(header, (byte*)Unsafe.AsPointer(ref pinned[0]));
        _outside[header.PostId] = (pinned, found);
    }

    public bool TryFindOutside(PostId id, out FragmentRef found)
    {
        var held = _outside.TryGetValue(id, out var outside);
        found = outside.Found;
        return held;
    }

    /// <summary>Lets go of what lies outside of the ring; nothing that was found may be used any longer.</summary>
    public void Clear()
    {
        Count = 0;
        _outside.Clear();
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
