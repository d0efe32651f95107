using System.Text;
using System.Text.Json;
using Rookery.Reading;
using Xunit;

namespace Rookery.Tests.Reading;

/// <summary>Posts of random characters and numbers, some of them reposts around an original, and what their JSON must say.</summary>
internal sealed class RandomPage
{
    private readonly FragmentBuilder _builder = new();
    private readonly FragmentRing _ring;
    private readonly Random _random;
    private readonly List<FragmentRef> _parts = [];
    private readonly List<ViewerFlags> _viewer = [];
    private readonly List<Expected> _expected = [];

    public RandomPage(FragmentRing ring, Random random)
    {
        _ring = ring;
        _random = random;
        var entries = random.Next(6);
        for (var i = 0; i < entries; i++)
        {
            _expected.Add(Add(random.Next(3) == 0));
        }
    }

    public ReadOnlySpan<FragmentRef> Parts => _parts.ToArray();

    public ReadOnlySpan<ViewerFlags> Viewer => _viewer.ToArray();

    public void Check(JsonElement page)
    {
        Assert.Equal(_expected.Count, page.GetArrayLength());
        foreach (var (json, expected) in page.EnumerateArray().Zip(_expected))
        {
            Check(json, expected);
        }
    }

    private static void Check(JsonElement json, Expected expected)
    {
        Assert.Equal(expected.Text, json.GetProperty("text").GetString());
        Assert.Equal(expected.Likes, json.GetProperty("likes").GetInt64());
        Assert.Equal(expected.Replies, json.GetProperty("replies").GetInt64());
        var flags = expected.Viewer;
        Assert.Equal((flags & ViewerFlags.Liked) != 0, json.GetProperty("liked").GetBoolean());
        Assert.Equal(
            (flags & ViewerFlags.Reposted) != 0,
            json.GetProperty("reposted").GetBoolean()
        );
        Assert.Equal(expected.Original is not null, json.TryGetProperty("repost", out var inner));
        if (expected.Original is not null)
        {
            Check(inner, expected.Original);
        }
    }

    private Expected Add(bool isRepost)
    {
        var viewer = (ViewerFlags)_random.Next(4);
        var text = RandomText();
        var (likes, replies) = (_random.Next(), _random.NextInt64(200));
        _builder.Clear();
        _builder.Raw("{\"text\":"u8);
        _builder.Text(text);
        _builder.Raw(",\"likes\":"u8);
        _builder.Likes(1);
        _builder.Raw(",\"liked\":"u8);
        _builder.Liked();
        if (isRepost)
        {
            _builder.Raw(",\"repost\":"u8);
            _builder.Insert();
        }

        _builder.Raw(",\"reposted\":"u8);
        _builder.Reposted();
        _builder.Raw(",\"replies\":"u8);
        _builder.Replies(2);
        _builder.Raw("}"u8);
        var id = new PostId(_parts.Count + 1);
        Assert.True(_ring.TryPut(_builder.Header with { PostId = id }, _builder.Payload));
        _ring.SetCounts(id, likes, 0, replies);
        Assert.True(_ring.TryRead(id, out var part));
        _parts.Add(part);
        _viewer.Add(viewer);
        var shown = Math.Min(likes, CountSlot.Max);
        var read = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return new(read, shown, replies, viewer, isRepost ? Add(false) : null);
    }

    /// <summary>All of UTF-16, halves of pairs too, with what needs an escape more often than chance has it.</summary>
    private string RandomText() =>
        string.Create(
            _random.Next(100),
            _random,
            static (text, random) =>
            {
                foreach (ref var c in text)
                {
                    c = (char)random.Next(random.Next(2) == 0 ? 0x80 : 0x1_0000);
                }
            }
        );

    private sealed record Expected(
        string Text,
        long Likes,
        long Replies,
        ViewerFlags Viewer,
        Expected? Original
    );
}
