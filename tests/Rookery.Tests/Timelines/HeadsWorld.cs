using Rookery.Timelines;
using Xunit;

namespace Rookery.Tests.Timelines;

/// <summary>Heads beside the truth that they are derived from, and a reader that falls back on it as a home timeline does.</summary>
internal sealed class HeadsWorld : IDisposable
{
    private const int RoundsOfLoading = 3;

    private readonly SortedSet<long>[] _posts;
    private readonly bool[] _closed;

    public HeadsWorld(int authors, long headBytes)
    {
        Authors = authors;
        _posts = [.. Enumerable.Range(0, authors).Select(_ => new SortedSet<long>())];
        _closed = new bool[authors];
        Heads = new AuthorHeads(headBytes) { AppliedThrough = long.MaxValue };
    }

    public int Authors { get; }

    public AuthorHeads Heads { get; }

    public long Newest { get; private set; } = 1_000;

    public void Post(int author) => Add(author, Newest + 1);

    public void PostGroup(IEnumerable<int> authors)
    {
        using var group = Heads.Write();
        foreach (var author in authors)
        {
            AddInGroup(author, Newest + 1);
        }
    }

    public void Add(int author, long id)
    {
        using var group = Heads.Write();
        AddInGroup(author, id);
    }

    public void Remove(int author, long id)
    {
        using var group = Heads.Write();
        _posts[author].Remove(id);
        Heads.Remove(author, id);
    }

    public void Close(int author)
    {
        using var group = Heads.Write();
        _closed[author] = true;
        Heads.Close(author);
    }

    public void Drop(int author)
    {
        using var group = Heads.Write();
        Heads.Drop(author);
    }

    public bool IsFree(long id) => !_posts.Any(posts => posts.Contains(id));

    public long[] Rows(int author, int count) => [.. _posts[author].Reverse().Take(count)];

    public void Load(ReadOnlySpan<int> authors)
    {
        using var load = Heads.BeginLoad(authors);
        foreach (var author in load.Taken)
        {
            load.Complete(author, Rows(author, load.Room), load.Room);
        }
    }

    /// <summary>A page as a home timeline reads it: heads, and truth for what they say that they lack.</summary>
    public long[] Read(ReadOnlySpan<int> authors, MergeRange range, int count)
    {
        var ids = new long[count];
        var absent = new int[authors.Length];
        var merged = Heads.Merge(authors, range, ids, absent);
        for (var round = 0; round < RoundsOfLoading && merged.Absent > 0; round++)
        {
            Load(absent.AsSpan(0, merged.Absent));
            merged = Heads.Merge(authors, range, ids, absent);
        }

        if (merged.Absent > 0)
        {
            return Oracle(authors, range, count);
        }

        // Each id a merge yields is the next of the truth: nothing is left out between them.
        var found = ids[..merged.Count];
        Assert.Equal(Oracle(authors, range, merged.Count), found);
        if (merged.Bound == 0)
        {
            return found;
        }

        var rest = range.FromBelow
            ? range
            : range with
            {
                Below = Math.Min(range.Below, merged.Bound + 1),
            };
        return [.. found, .. Oracle(authors, rest, count - found.Length)];
    }

    public long[] Oracle(ReadOnlySpan<int> authors, MergeRange range, int count)
    {
        var all = new SortedSet<long>();
        foreach (var author in authors)
        {
            all.UnionWith(_closed[author] ? [] : _posts[author]);
        }

        var ids = all.Where(id => id < range.Below && id > range.Above);
        return range.FromBelow ? [.. ids.Take(count).Reverse()] : [.. ids.Reverse().Take(count)];
    }

    public void Dispose() => Heads.Dispose();

    private void AddInGroup(int author, long id)
    {
        Newest = Math.Max(Newest, id);
        _posts[author].Add(id);
        Heads.Add(author, id);
    }
}
