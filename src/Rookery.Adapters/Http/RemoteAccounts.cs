using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Api.Internal;
using Rookery.Api.Service;

namespace Rookery.Adapters.Http;

/// <summary>
/// The door of accounts at another process. It is asked each time: what it acknowledged is never contradicted. While it is away tokens are nobody's, and
/// of an account only that it exists is believed from before, and only where accounts says that it tells posts of deletions before it answers them: who
/// posted yesterday posts today.
/// </summary>
internal sealed class RemoteAccounts : IAccounts, IDisposable
{
    /// <summary>Beyond it all are forgotten, and learned again.</summary>
    private const int MostRemembered = 1 << 20;

    /// <summary>Nothing tells this process of a changed profile, so what was rendered with one holds for so long.</summary>
    private static readonly TimeSpan ProfileHolds = TimeSpan.FromSeconds(2);

    private static readonly AccountId[] Somebody = [new(1)];

    private readonly Door _door;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<AccountId, bool> _known = new();

    /// <summary>What it said last.</summary>
    private volatile bool _isToldOfDeletions;

    public RemoteAccounts(
        IOptions<AccountsDoorOptions> accounts,
        IOptions<DoorOptions> door,
        ServiceKey key,
        TimeProvider time,
        ILogger<RemoteAccounts> logger
    )
    {
        const string setting = $"{AccountsDoorOptions.Section}:{nameof(AccountsDoorOptions.Url)}";
        _time = time;
        _door = new Door(setting, accounts.Value.Url, key.Value, door.Value, time, logger);
    }

    public async ValueTask<IReadOnlyList<AccountCard>> CardsAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    )
    {
        var found = new List<AccountCard>(ids.Length);
        foreach (var some in ids.ToArray().Distinct().Chunk(IdsQuestion.Most))
        {
            var answer = await _door.AskAsync(
                "internal/accounts/cards",
                new IdsQuestion(some),
                InternalJson.Default.IdsQuestion,
                InternalJson.Default.CardsAnswer,
                token
            );
            found.AddRange(answer.Accounts);
        }

        Remember(found.Select(card => card.Id), []);
        return found;
    }

    public async ValueTask<IReadOnlyList<AccountId>> UnknownAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    )
    {
        try
        {
            return (await LocksAsync(ids, token)).Unknown;
        }
        catch (StoreUnavailableException) when (_isToldOfDeletions && AllKnown(ids.Span))
        {
            return [];
        }
    }

    /// <summary>While accounts is away nobody knows who was locked meanwhile, so nobody is followed.</summary>
    public async ValueTask<AccountLocks> LocksAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    )
    {
        var (unknown, locked) = (new List<AccountId>(), new List<AccountId>());
        foreach (var some in ids.ToArray().Distinct().Chunk(IdsQuestion.Most))
        {
            var answer = await _door.AskAsync(
                "internal/accounts/unknown",
                new IdsQuestion(some),
                InternalJson.Default.IdsQuestion,
                InternalJson.Default.UnknownAnswer,
                token
            );
            _isToldOfDeletions = answer.ClosesElsewhere;
            unknown.AddRange(answer.Ids);
            locked.AddRange(answer.Locked ?? []);
            Remember(some.Except(answer.Ids), answer.Ids);
        }

        return new AccountLocks(unknown, locked);
    }

    public async ValueTask<IReadOnlyDictionary<string, AccountId>> ResolveAsync(
        IReadOnlyCollection<string> foldedUsernames,
        CancellationToken token
    )
    {
        var found = new Dictionary<string, AccountId>(StringComparer.Ordinal);
        foreach (var some in foldedUsernames.Chunk(IdsQuestion.Most))
        {
            var answer = await _door.AskAsync(
                "internal/accounts/resolve",
                new NamesQuestion(some),
                InternalJson.Default.NamesQuestion,
                InternalJson.Default.NamesAnswer,
                token
            );
            foreach (var (name, id) in answer.Accounts)
            {
                found[name] = id;
            }
        }

        return found;
    }

    public async ValueTask<IReadOnlyList<AccountCard>> AllAboveAsync(
        AccountId after,
        CancellationToken token
    )
    {
        var answer = await _door.AskAsync(
            "internal/accounts/above",
            new AboveQuestion(after.Value > 0 ? after : null),
            InternalJson.Default.AboveQuestion,
            InternalJson.Default.CardsAnswer,
            token
        );
        return answer.Accounts;
    }

    public bool TellsOfChanges => false;

    /// <summary>Whether it is somebody's does not matter: the answer says too whether this process is told of deletions.</summary>
    public Peer Peer =>
        new(_door, IsAlone: true, async token => await UnknownAsync(Somebody, token));

    public async ValueTask<AccountId?> AuthenticateAsync(string authToken, CancellationToken token)
    {
        if (authToken.Length == 0)
        {
            return null;
        }

        var answer = await _door.AskAsync(
            "internal/accounts/authenticate",
            new TokenQuestion(authToken),
            InternalJson.Default.TokenQuestion,
            InternalJson.Default.TokenAnswer,
            token
        );
        return answer.UserId;
    }

    public async ValueTask<bool> IsSessionOpenAsync(TokenHash session, CancellationToken token)
    {
        var answer = await _door.AskAsync(
            "internal/accounts/session",
            new SessionQuestion($"{session}"),
            InternalJson.Default.SessionQuestion,
            InternalJson.Default.SessionAnswer,
            token
        );
        return answer.IsOpen;
    }

    public int ProfileVersion(int ordinal) =>
        (int)(_time.GetTimestamp() / (_time.TimestampFrequency * (long)ProfileHolds.TotalSeconds));

    public void Dispose() => _door.Dispose();

    private bool AllKnown(ReadOnlySpan<AccountId> ids)
    {
        foreach (var id in ids)
        {
            if (!_known.ContainsKey(id))
            {
                return false;
            }
        }

        return true;
    }

    private void Remember(IEnumerable<AccountId> known, IEnumerable<AccountId> unknown)
    {
        if (_known.Count >= MostRemembered)
        {
            _known.Clear();
        }

        foreach (var id in known)
        {
            _known[id] = true;
        }

        foreach (var id in unknown)
        {
            _known.TryRemove(id, out _);
        }
    }
}
