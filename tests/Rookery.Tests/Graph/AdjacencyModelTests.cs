using Rookery.Graph;
using Xunit;

namespace Rookery.Tests.Graph;

/// <summary>
/// Random histories of follows, loads that take long, evictions and restarts, on memory for a fraction of the viewers: whatever is held is what
/// the naive model says.
/// </summary>
public sealed class AdjacencyModelTests
{
    private const int Viewers = 60;
    private const int Others = 6000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Whatever_is_held_is_what_was_committed(int seed)
    {
        var random = new Random(seed);
        using var world = new World(random);
        for (var step = 0; step < 6000; step++)
        {
            world.Step();
            world.Check(new(random.Next(1, Viewers + 1)));
        }

        Assert.True(world.Compared > 500, $"Only {world.Compared} viewers were held when asked.");
        Assert.True(world.Evicted > 50, $"Only {world.Evicted} viewers gave way.");
    }

    private sealed class World(Random random) : IDisposable
    {
        // Viewers have up to 6,000 followees, the larger ones a page for themselves.
        private readonly HeldGraph _graph = new(4 * IntBlocks.PageBytes);
        private readonly Dictionary<AccountId, HashSet<AccountId>> _model = Enumerable
            .Range(1, Viewers)
            .ToDictionary(id => new AccountId(id), id => Some(random, id));
        private readonly Dictionary<
            AccountId,
            (ViewerLoading Loading, ViewerRelations Read)
        > _loads = [];
        private readonly HashSet<AccountId> _installed = [];

        public int Compared { get; private set; }

        public int Evicted { get; private set; }

        public void Step()
        {
            var viewer = new AccountId(random.Next(1, Viewers + 1));
            switch (random.Next(500))
            {
                case < 150:
                    Follow(viewer, new AccountId(random.Next(1, Others)));
                    break;
                case < 250:
                    Unfollow(viewer, new AccountId(random.Next(1, Others)));
                    break;
                case < 499:
                    Load(viewer);
                    break;
                default:
                    _graph.Adjacency.Forget();
                    _installed.Clear();
                    break;
            }
        }

        public void Check(AccountId viewer)
        {
            if (_graph.FolloweesOf(viewer) is { } held)
            {
                Compared++;
                Assert.Equal(_model[viewer].Order(), held.Order());
            }
            else if (_installed.Remove(viewer))
            {
                Evicted++;
            }
        }

        public void Dispose() => _graph.Dispose();

        private static HashSet<AccountId> Some(Random random, int viewer)
        {
            var most = viewer % 10 == 0 ? Others : 200;
            return
            [
                .. Enumerable
                    .Range(0, random.Next(most))
                    .Select(_ => new AccountId(random.Next(1, Others))),
            ];
        }

        private void Follow(AccountId viewer, AccountId other)
        {
            if (_model[viewer].Add(other))
            {
                _graph.Commit(new Followed(viewer, other));
            }
        }

        private void Unfollow(AccountId viewer, AccountId other)
        {
            var followee = _model[viewer].Contains(other) ? other : _model[viewer].FirstOrDefault();
            if (_model[viewer].Remove(followee))
            {
                _graph.Commit(new Unfollowed(viewer, followee));
            }
        }

        /// <summary>Begins a load, or ends the one under way with what it read when it began.</summary>
        private void Load(AccountId viewer)
        {
            if (_loads.Remove(viewer, out var load))
            {
                if (_graph.Adjacency.TryInstall(viewer, load.Loading, load.Read))
                {
                    _installed.Add(viewer);
                }
                else
                {
                    _loads[viewer] = (load.Loading, HeldGraph.Following(_model[viewer]));
                }
            }
            else if (_graph.Adjacency.Register(viewer, out var mine) is { } loading)
            {
                Assert.True(mine);
                _loads[viewer] = (loading, HeldGraph.Following(_model[viewer]));
            }
        }
    }
}
