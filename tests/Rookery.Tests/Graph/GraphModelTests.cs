using Microsoft.Extensions.Options;
using Rookery.Adapters.Sql;
using Rookery.Graph;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Graph;

/// <summary>
/// Random histories of the use cases on a real database, with loads that began earlier and end in between: what the use cases answer, what truth
/// says and what is held in memory is what the naive model says.
/// </summary>
public sealed class GraphModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Use_cases_truth_and_memory_agree_with_the_model(int seed)
    {
        using var world = new World(seed);
        for (var step = 0; step < 400; step++)
        {
            await world.StepAsync();
            await world.CheckAsync();
        }

        Assert.True(world.Refused > 20 && world.Spoiled > 0 && world.Held > 0);
    }

    private sealed class World : IDisposable
    {
        private static readonly AccountId[] Everybody =
        [
            .. Enumerable.Range(1, 7).Select(id => new AccountId(id)),
        ];
        private static readonly AccountId Nobody = new(99);

        private readonly Random _random;
        private readonly FakeTime _time = new();
        private readonly SqliteFile _file;
        private readonly SqlGraphStore _store;
        private readonly Adjacency _adjacency;
        private readonly LocalGraph _graph;
        private readonly AccountOrdinals _ordinals = new();
        private readonly KnownAccounts _accounts = new(Everybody);
        private readonly Dictionary<AccountId, (ViewerLoading, ViewerRelations)> _loads = [];
        private readonly HashSet<(AccountId From, AccountId To)> _follows = [];
        private readonly HashSet<(AccountId From, AccountId To)> _requests = [];
        private readonly HashSet<AccountId> _locked = [];
        private readonly HashSet<(AccountId From, AccountId To)> _blocks = [];
        private readonly Dictionary<(AccountId From, AccountId To), long> _mutes = [];
        private readonly HashSet<AccountId> _closed = [];

        public World(int seed)
        {
            _random = new Random(seed);
            _file = new SqliteFile(_time);
            _store = new SqlGraphStore(_file.Database);
            _adjacency = new Adjacency(_ordinals, Options.Create(new GraphOptions()));
            _file.Database.Writes.Observe(_adjacency);
            _graph = new LocalGraph(_store, _adjacency, _time);
        }

        public int Refused { get; private set; }

        public int Spoiled { get; private set; }

        public int Held { get; private set; }

        private static CancellationToken Token => TestContext.Current.CancellationToken;

        private FollowAccount NewFollow() =>
            new(_store, _accounts, Options.Create(new GraphOptions()), _time);

        private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

        public async Task StepAsync()
        {
            var (from, to) = (Anybody(), Anybody());
            await (
                _random.Next(25) switch
                {
                    20 => LockAsync(from),
                    21 or 22 => AcceptAsync(from, to),
                    23 => RejectAsync(from, to),
                    24 => RemoveFollowerAsync(from, to),
                    < 6 => FollowAsync(from, to),
                    < 8 => UnfollowAsync(from, to),
                    8 => BlockAsync(from, to),
                    9 or 10 => UnblockAsync(from, to),
                    11 => MuteAsync(from, to),
                    12 => UnmuteAsync(from, to),
                    13 => ImportAsync(),
                    14 when _random.Next(20) == 0 => CloseAsync(from),
                    15 => LaterAsync(),
                    _ => LoadAsync(Everybody[_random.Next(Everybody.Length)]),
                }
            );
        }

        public async Task CheckAsync()
        {
            var viewer = Everybody[_random.Next(Everybody.Length)];
            CheckMemory(viewer);
            await CheckListsAsync(viewer);
            var relations = await _graph.RelationshipsAsync(viewer, Everybody, Token);
            Assert.Equal(Everybody.Select(other => Expected(viewer, other)), relations);
        }

        public void Dispose()
        {
            _file.Dispose();
            _adjacency.Dispose();
        }

        private void CheckMemory(AccountId viewer)
        {
            int[] buffer = [];
            var count = _graph.CopyFollowees(viewer, ref buffer);
            var hidden = _graph.HiddenFrom(viewer);
            Assert.Equal(count < 0, hidden is null);
            if (hidden is null)
            {
                return;
            }

            Held++;
            Assert.Equal(
                _follows.Where(follow => follow.From == viewer).Select(follow => follow.To).Order(),
                buffer.Take(count).Select(_ordinals.IdOf).Order()
            );
            foreach (var other in Everybody)
            {
                var expected = Expected(viewer, other);
                Assert.Equal(expected.Blocking || expected.BlockedBy, hidden.Blocks(other));
                Assert.Equal(expected.Muting, hidden.Mutes(other, _time.GetUtcNow()));
            }
        }

        private async Task CheckListsAsync(AccountId viewer)
        {
            await CheckListAsync(
                new FolloweesOf(viewer),
                other => _follows.Contains((viewer, other))
            );
            await CheckListAsync(
                new FollowersOf(viewer),
                other => _follows.Contains((other, viewer))
            );
            await CheckListAsync(
                new RequestsTo(viewer),
                other => _requests.Contains((other, viewer))
            );
            await CheckListAsync(new BlocksOf(viewer), other => _blocks.Contains((viewer, other)));
            await CheckListAsync(new MutesOf(viewer), other => Mutes(viewer, other));
        }

        private async Task CheckListAsync(MemberList list, Func<AccountId, bool> contains)
        {
            var page = await _store.ListAsync(list, new Page(200), _time.GetUtcNow(), Token);
            Assert.Equal(
                Everybody
                    .Where(contains)
                    .Where(other => !_closed.Contains(other))
                    .OrderDescending(),
                page
            );
        }

        private Relationship Expected(AccountId viewer, AccountId other) =>
            new(
                other,
                _follows.Contains((viewer, other)),
                _follows.Contains((other, viewer)),
                _blocks.Contains((viewer, other)),
                _blocks.Contains((other, viewer)),
                Mutes(viewer, other),
                _requests.Contains((viewer, other)),
                _requests.Contains((other, viewer))
            );

        private bool Mutes(AccountId muter, AccountId muted) =>
            _mutes.TryGetValue((muter, muted), out var until) && (until == 0 || until > Now);

        private AccountId Anybody() =>
            _random.Next(30) == 0 ? Nobody : Everybody[_random.Next(Everybody.Length)];

        private bool Exists(AccountId account) => account != Nobody && !_closed.Contains(account);

        private void CheckAnswer(ProblemKind? expected, Result<Done> answer)
        {
            Assert.Equal(expected, answer.Problem?.Kind);
            Refused += expected is null ? 0 : 1;
        }

        private async Task FollowAsync(AccountId from, AccountId to)
        {
            ProblemKind? expected =
                from == to ? ProblemKind.Invalid
                : !Exists(from) || !Exists(to) ? ProblemKind.NotFound
                : _blocks.Contains((from, to)) || _blocks.Contains((to, from))
                    ? ProblemKind.Forbidden
                : null;
            CheckAnswer(expected, await NewFollow().HandleAsync(from, to, Token));
            if (expected is null && !_follows.Contains((from, to)))
            {
                (_locked.Contains(to) ? _requests : _follows).Add((from, to));
            }
        }

        /// <summary>Or unlocks it, and tells who acts on that.</summary>
        private async Task LockAsync(AccountId account)
        {
            if (account == Nobody || _locked.Add(account))
            {
                _accounts.Lock(account);
                return;
            }

            _locked.Remove(account);
            _accounts.Unlock(account);
            if (Exists(account))
            {
                await new SettleRequests(_store, _accounts).HandleAsync(
                    [new Committed(1, new Rookery.Accounts.AccountUnlocked(account))],
                    Token
                );
                var asked = _requests.Where(pair => pair.To == account).ToList();
                _requests.ExceptWith(asked);
                _follows.UnionWith(asked.Where(pair => Exists(pair.From)));
            }
        }

        private DecideRequest NewDecision() => new(_store, _accounts, _time);

        private async Task AcceptAsync(AccountId me, AccountId other)
        {
            ProblemKind? expected =
                Exists(other) && (_requests.Contains((other, me)) || _follows.Contains((other, me)))
                    ? null
                    : ProblemKind.NotFound;
            CheckAnswer(expected, await NewDecision().AcceptAsync(me, other, Token));
            if (Exists(other) && _requests.Remove((other, me)))
            {
                _follows.Add((other, me));
            }
        }

        private async Task RejectAsync(AccountId me, AccountId other)
        {
            ProblemKind? expected =
                _requests.Remove((other, me)) || Exists(other) ? null : ProblemKind.NotFound;
            CheckAnswer(expected, await NewDecision().RejectAsync(me, other, Token));
        }

        private async Task RemoveFollowerAsync(AccountId me, AccountId other)
        {
            ProblemKind? expected =
                me == other ? ProblemKind.Invalid
                : _follows.Remove((other, me)) | _requests.Remove((other, me)) || Exists(other)
                    ? null
                : ProblemKind.NotFound;
            CheckAnswer(expected, await NewDecision().RemoveFollowerAsync(me, other, Token));
        }

        private async Task UnfollowAsync(AccountId from, AccountId to)
        {
            ProblemKind? expected =
                from == to ? ProblemKind.Invalid
                : _follows.Remove((from, to)) | _requests.Remove((from, to))
                || (Exists(from) && Exists(to))
                    ? null
                : ProblemKind.NotFound;
            CheckAnswer(
                expected,
                await new UnfollowAccount(_store, _accounts).HandleAsync(from, to, Token)
            );
        }

        private async Task BlockAsync(AccountId from, AccountId to)
        {
            var expected = Writes(from, to);
            CheckAnswer(
                expected,
                await new BlockAccount(_store, _accounts).HandleAsync(from, to, Token)
            );
            if (expected is null)
            {
                _blocks.Add((from, to));
                _follows.Remove((from, to));
                _follows.Remove((to, from));
                _requests.Remove((from, to));
                _requests.Remove((to, from));
            }
        }

        private async Task UnblockAsync(AccountId from, AccountId to) =>
            CheckAnswer(
                Undoes(from, to, _blocks.Remove((from, to))),
                await new UnblockAccount(_store, _accounts).HandleAsync(from, to, Token)
            );

        private async Task MuteAsync(AccountId from, AccountId to)
        {
            var seconds = _random.Next(3) switch
            {
                0 => (long?)null,
                1 => _random.Next(2, 100),
                _ => -1,
            };
            var expected = from != to && seconds < 0 ? ProblemKind.Invalid : Writes(from, to);
            CheckAnswer(
                expected,
                await new MuteAccount(_store, _accounts, _time).HandleAsync(
                    from,
                    to,
                    seconds,
                    Token
                )
            );
            if (expected is null)
            {
                _mutes[(from, to)] = seconds is null ? 0 : Now + (seconds.Value * 1000);
            }
        }

        private async Task UnmuteAsync(AccountId from, AccountId to) =>
            CheckAnswer(
                Undoes(from, to, _mutes.Remove((from, to))),
                await new UnmuteAccount(_store, _accounts).HandleAsync(from, to, Token)
            );

        /// <summary>Who acts is known by its token; an account that is closed meanwhile is refused in the transaction.</summary>
        private ProblemKind? Writes(AccountId from, AccountId to) =>
            from == to ? ProblemKind.Invalid
            : !Exists(to) || _closed.Contains(from) ? ProblemKind.NotFound
            : null;

        private ProblemKind? Undoes(AccountId from, AccountId to, bool stood) =>
            from == to ? ProblemKind.Invalid
            : stood || Exists(to) ? null
            : ProblemKind.NotFound;

        private async Task ImportAsync()
        {
            var follows = Enumerable
                .Range(0, 4)
                .Select(_ => (From: Everybody[_random.Next(7)], To: Everybody[_random.Next(7)]))
                .ToList();
            await _store.ImportFollowsAsync(follows, null, Token);
            _follows.UnionWith(
                follows.Where(follow =>
                    follow.From != follow.To
                    && Exists(follow.From)
                    && Exists(follow.To)
                    && !_blocks.Contains(follow)
                    && !_blocks.Contains((follow.To, follow.From))
                )
            );
            _requests.ExceptWith(_follows);
        }

        private async Task CloseAsync(AccountId account)
        {
            _accounts.Delete(account);
            var close = new CloseMember(_store);
            await close.CloseAsync(account, Token);
            _closed.Add(account);
            await CheckListsAsync(Everybody[0]);
            await close.HandleAsync(
                [new Committed(1, new Rookery.Accounts.AccountDeleted(account))],
                Token
            );
            _follows.RemoveWhere(pair => pair.From == account || pair.To == account);
            _requests.RemoveWhere(pair => pair.From == account || pair.To == account);
            _blocks.RemoveWhere(pair => pair.From == account || pair.To == account);
            foreach (
                var pair in _mutes.Keys.Where(pair => pair.From == account || pair.To == account)
            )
            {
                _mutes.Remove(pair);
            }
        }

        private Task LaterAsync()
        {
            _time.Advance(TimeSpan.FromSeconds(_random.Next(20)));
            return Task.CompletedTask;
        }

        /// <summary>Begins a load, or ends the one under way with what it read when it began.</summary>
        private async Task LoadAsync(AccountId viewer)
        {
            if (_random.Next(10) == 0)
            {
                _adjacency.Forget();
            }

            if (_loads.Remove(viewer, out var load))
            {
                if (!_adjacency.TryInstall(viewer, load.Item1, load.Item2))
                {
                    Spoiled++;
                    _loads[viewer] = (load.Item1, await _store.RelationsOfAsync(viewer, Token));
                }
            }
            else if (_adjacency.Register(viewer, out _) is { } loading)
            {
                _loads[viewer] = (loading, await _store.RelationsOfAsync(viewer, Token));
            }
        }
    }
}
