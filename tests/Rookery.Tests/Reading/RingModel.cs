using System.Text;
using Rookery.Reading;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Reading;

/// <summary>
/// Runs random steps against a ring and against dictionaries. The ring may forget what is old; it must hold what was put last,
/// and what it shows is what the dictionaries hold.
/// </summary>
internal sealed class RingModel(FragmentRing ring, FakeTime time, Random random)
{
    private const int Ids = 400;
    private readonly Dictionary<long, (int Length, int Version, long Likes)> _posts = [];
    private readonly Dictionary<long, TimeSpan> _deletedAt = [];
    private readonly Queue<long> _newest = [];
    private TimeSpan _now;

    public int Hits { get; private set; }

    public int Misses { get; private set; }

    public int Refused { get; private set; }

    public void Step()
    {
        var id = random.Next(1, Ids + 1);
        switch (random.Next(100))
        {
            case < 40:
                Put(id);
                break;
            case < 43:
                Delete(id);
                break;
            case < 50:
                Count(id);
                break;
            case < 52:
                var seconds = TimeSpan.FromSeconds(random.Next(20));
                _now += seconds;
                time.Advance(seconds);
                break;
            default:
                Read(id);
                break;
        }

        Assert.All(_newest, newest => Assert.True(Read(newest)));
    }

    private void Put(long id)
    {
        var length = random.Next(16, 1_000);
        var version = random.Next(4);
        var heldAsNew =
            ring.TryRead(new PostId(id), out var held) && held.Header.PostVersion >= version;
        var kept = Fragments.Put(ring, id, length, version);
        if (_deletedAt.TryGetValue(id, out var at) && _now - at < Tombstones.Lifetime)
        {
            Assert.False(kept);
        }

        if (!kept)
        {
            Assert.True(_deletedAt.ContainsKey(id));
            Refused++;
            return;
        }

        if (heldAsNew)
        {
            return;
        }

        _posts[id] = (length, version, 0);
        _newest.Enqueue(id);
        if (_newest.Count > 3)
        {
            _newest.Dequeue();
        }
    }

    private void Delete(long id)
    {
        ring.Tombstone(new PostId(id));
        _posts.Remove(id);
        _deletedAt[id] = _now;
        var others = _newest.Where(newest => newest != id).ToArray();
        _newest.Clear();
        Array.ForEach(others, _newest.Enqueue);
        Assert.False(Read(id));
    }

    private void Count(long id)
    {
        var likes = random.Next(10) * 11_111_111L;
        ring.SetCounts(new PostId(id), likes, 1, 2);
        if (ring.TryRead(new PostId(id), out _))
        {
            _posts[id] = _posts[id] with { Likes = likes };
        }
    }

    private unsafe bool Read(long id)
    {
        if (!ring.TryRead(new PostId(id), out var found))
        {
            Misses++;
            return false;
        }

        Hits++;
        var expected = _posts[id];
        Assert.Equal((expected.Length, expected.Version), (found.Length, found.Header.PostVersion));
        var payload = new ReadOnlySpan<byte>(found.Payload, found.Length).ToArray();
        var likes = Encoding.ASCII.GetString(payload, Fragments.LikesAt, CountSlot.Width);
        Assert.Equal(expected.Likes, long.Parse(likes, null));
        // A zero shows as seven blanks and a digit; as put it is eight digits.
        payload.AsSpan(Fragments.LikesAt, CountSlot.Width).Fill((byte)'0');
        Assert.True(Fragments.IsIntact(found.Header, payload) && ring.StillValid(found));
        return true;
    }
}
