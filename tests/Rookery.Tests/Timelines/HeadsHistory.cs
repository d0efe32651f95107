using Rookery.Timelines;
using Xunit;

namespace Rookery.Tests.Timelines;

/// <summary>One random history: posts, late posts, repeats, deletions, closed accounts, drops, loads in flight, and pages in between.</summary>
internal sealed class HeadsHistory(int seed, int authors, long headBytes) : IDisposable
{
    private readonly Random _random = new(seed);
    private readonly HeadsWorld _world = new(authors, headBytes);
    private readonly List<PendingLoad> _loads = [];

    public void Step()
    {
        // Uneven, so that some authors outgrow their heads.
        var author = (int)(authors * Math.Pow(_random.NextDouble(), 2));
        switch (_random.Next(24))
        {
            case < 5:
                _world.Post(author);
                break;
            case < 7:
                _world.PostGroup(
                    Enumerable.Range(0, _random.Next(20)).Select(_ => _random.Next(authors))
                );
                break;
            case 7:
                PostLate(author);
                break;
            case 8:
                Repeat(author);
                break;
            case 9 or 10:
                Remove(author);
                break;
            case 11:
                CloseOrDrop(author);
                break;
            case 12:
                _world.Heads.Widen(author);
                break;
            case < 15:
                _loads.Add(new PendingLoad(_world.Heads.BeginLoad(SomeAuthors())));
                break;
            case < 17:
                ReadRows();
                break;
            case < 19:
                EndLoad();
                break;
            default:
                ReadPage();
                break;
        }
    }

    public void AssertChains()
    {
        int[] all = [.. Enumerable.Range(0, authors)];
        var expected = _world.Oracle(all, new MergeRange(long.MaxValue, 0, false), int.MaxValue);
        Assert.Equal(expected, Chain(all, fromBelow: false));
        Assert.Equal(expected.Reverse(), Chain(all, fromBelow: true));
    }

    public void Dispose()
    {
        _loads.ForEach(load => load.Load.Dispose());
        _world.Dispose();
    }

    private List<long> Chain(int[] all, bool fromBelow)
    {
        var chain = new List<long>();
        var range = new MergeRange(long.MaxValue, 0, fromBelow);
        while (_world.Read(all, range, 7) is { Length: > 0 } page)
        {
            chain.AddRange(fromBelow ? page.Reverse() : page);
            range = fromBelow ? range with { Above = page[0] } : range with { Below = page[^1] };
        }

        return chain;
    }

    private void ReadPage()
    {
        var sources = SomeAuthors();
        var first = _random.Next(2) == 0;
        var range = new MergeRange(
            first || _random.Next(3) == 0 ? long.MaxValue : SomeId(),
            _random.Next(2) == 0 ? 0 : SomeId(),
            !first && _random.Next(2) == 0
        );
        var count = _random.Next(1, 40);
        Assert.Equal(_world.Oracle(sources, range, count), _world.Read(sources, range, count));
    }

    private void PostLate(int author)
    {
        var id = SomeId();
        if (_world.IsFree(id))
        {
            _world.Add(author, id);
        }
    }

    private void Repeat(int author)
    {
        var posts = _world.Rows(author, int.MaxValue);
        if (posts.Length > 0)
        {
            _world.Add(author, posts[_random.Next(posts.Length)]);
        }
    }

    private void Remove(int author)
    {
        var posts = _world.Rows(author, 24);
        for (var i = _random.Next(20); i > 0 && posts.Length > 0; i--)
        {
            _world.Remove(author, posts[_random.Next(posts.Length)]);
        }
    }

    private void CloseOrDrop(int author)
    {
        switch (_random.Next(8))
        {
            case 0:
                _world.Heads.DropAll();
                break;
            case 1:
                _world.Close(author);
                break;
            default:
                _world.Drop(author);
                break;
        }
    }

    private void ReadRows()
    {
        foreach (var pending in _loads.Where(load => load.Rows is null))
        {
            pending.Rows =
            [
                .. pending.Load.Taken.Select(author => _world.Rows(author, pending.Load.Room)),
            ];
        }
    }

    private void EndLoad()
    {
        if (_loads.Count == 0)
        {
            return;
        }

        var pending = _loads[_random.Next(_loads.Count)];
        for (var i = 0; i < (pending.Rows?.Length ?? 0); i++)
        {
            pending.Load.Complete(pending.Load.Taken[i], pending.Rows![i], pending.Load.Room);
        }

        pending.Load.Dispose();
        _loads.Remove(pending);
    }

    private int[] SomeAuthors() =>
        [.. Enumerable.Range(0, authors).Where(_ => _random.Next(3) > 0)];

    private long SomeId() => _random.NextInt64(900, _world.Newest + 2);

    private sealed class PendingLoad(HeadLoad load)
    {
        public HeadLoad Load { get; } = load;

        public long[][]? Rows { get; set; }
    }
}
