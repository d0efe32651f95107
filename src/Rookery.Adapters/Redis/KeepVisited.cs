using System.Collections.Concurrent;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>Puts off the expiry of lists that are read, at most daily for each and process: a page that is read again costs one round trip.</summary>
internal sealed class KeepVisited(TimelineSpace space, TimeProvider time)
{
    /// <summary>Beyond it all are forgotten, and put off once more.</summary>
    private const int MostNoted = 1 << 20;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<AccountId, long> _noted = new();

    /// <summary>At least twice in a list's life.</summary>
    private TimeSpan Every => space.Lifetime / 2 < Day ? space.Lifetime / 2 : Day;

    /// <param name="isBuilt">Known to be; otherwise that is looked at first: a list that is being built must lapse with its rebuilder's lease.</param>
    public async ValueTask NoteAsync(AccountId owner, bool isBuilt, CancellationToken token)
    {
        if (
            _noted.TryGetValue(owner, out var since)
            && time.GetElapsedTime(since) is var passed
            && passed < Every
        )
        {
            return;
        }

        if (isBuilt || await IsBuiltAsync(owner, token))
        {
            await PutOffAsync(owner, token);
        }
    }

    private async ValueTask PutOffAsync(AccountId owner, CancellationToken token)
    {
        if (_noted.Count >= MostNoted)
        {
            _noted.Clear();
        }

        var lifetime = (long)space.Lifetime.TotalMilliseconds;
        var reply = await space.Client.SendAsync(
            RedisCommand.Of("PEXPIRE", space.Keys.ListOf(owner), lifetime),
            token
        );
        if (reply.OrThrow().AsInteger() > 0)
        {
            _noted[owner] = time.GetTimestamp();
        }
    }

    private async ValueTask<bool> IsBuiltAsync(AccountId owner, CancellationToken token)
    {
        var reply = await space.Client.SendAsync(
            RedisCommand.Of("LINDEX", space.Keys.ListOf(owner), -1),
            token
        );
        return ListElement.IsFloorIn(reply.OrThrow());
    }
}
