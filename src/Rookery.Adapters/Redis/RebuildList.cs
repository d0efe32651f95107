using System.Buffers.Text;
using System.Security.Cryptography;
using Rookery.Timelines;
using Rookery.Wire;
using Rookery.Wire.Redis;
using Rookery.Wire.Resp;

namespace Rookery.Adapters.Redis;

/// <summary>
/// Begins a list, so that pushes reach it, and later puts the truth behind what came meanwhile. The token says that nothing has dropped it in between;
/// only the token is watched, since pushes go on.
/// </summary>
internal sealed class RebuildList(TimelineSpace space)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Null where the list stands, or somebody else is building it.</summary>
    public async ValueTask<RebuildToken?> BeginAsync(AccountId owner, CancellationToken token)
    {
        var (list, key) = (space.Keys.ListOf(owner), space.Keys.TokenOf(owner));
        var batch = space.Rent();
        try
        {
            batch.Add("GET", key);
            batch.Add("LINDEX", list, -1);
            await using var transaction = await space.Client.WatchAsync([key], batch, token);
            if (
                ForeignKey.OwnOf(batch[0].Value) is not null
                || (ForeignKey.OwnOf(batch[1].Value) is { } last && ListElement.IsFloorIn(last))
            )
            {
                return null;
            }

            var rebuild = NewToken();
            var lease = (long)Lease.TotalMilliseconds;
            batch.Clear();
            batch.Add("SET", key, rebuild.Value, "PX", lease);
            batch.Add("DEL", list);
            batch.Add("RPUSH", list, ListElement.Placeholder.ToArray());
            batch.Add("PEXPIRE", list, lease);
            return await ExecuteAsync(transaction, batch, token) ? rebuild : null;
        }
        catch (WireException fault) when (Unavailable.Is(fault))
        {
            throw Unavailable.Because(fault);
        }
        finally
        {
            space.Return(batch);
        }
    }

    /// <summary>False where the token no longer holds: nothing was changed.</summary>
    public async ValueTask<bool> FinishAsync(
        AccountId owner,
        RebuildToken rebuild,
        IReadOnlyList<TimelineEntry> newestFirst,
        PostId floor,
        CancellationToken token
    )
    {
        var (list, key) = (space.Keys.ListOf(owner), space.Keys.TokenOf(owner));
        var batch = space.Rent();
        try
        {
            batch.Add("GET", key);
            await using var transaction = await space.Client.WatchAsync([key], batch, token);
            if (ForeignKey.OwnOf(batch[0].Value) is not { } held || !IsToken(held, rebuild))
            {
                return false;
            }

            batch.Clear();
            batch.Add("RPUSHX", list, Elements(newestFirst, floor));
            batch.Add("PEXPIRE", list, (long)space.Lifetime.TotalMilliseconds);
            batch.Add("DEL", key);
            return await ExecuteAsync(transaction, batch, token)
                && batch[0].OrThrow().AsInteger() > 0;
        }
        catch (RespErrorException fault) when (ForeignKey.Is(fault))
        {
            // Somebody has put it there meanwhile, in the list's place.
            return false;
        }
        catch (WireException fault) when (Unavailable.Is(fault))
        {
            throw Unavailable.Because(fault);
        }
        finally
        {
            space.Return(batch);
        }
    }

    private static async ValueTask<bool> ExecuteAsync(
        RedisTransaction transaction,
        RedisBatch batch,
        CancellationToken token
    )
    {
        if (!await transaction.ExecuteAsync(batch, token))
        {
            return false;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].OrThrow();
        }

        return true;
    }

    private static RedisArg[] Elements(IReadOnlyList<TimelineEntry> newestFirst, PostId floor)
    {
        var elements = new RedisArg[newestFirst.Count + 1];
        for (var i = 0; i < newestFirst.Count; i++)
        {
            elements[i] = ListElement.Of(newestFirst[i], late: false).ToArray();
        }

        elements[^1] = ListElement.Floor(floor.Value).ToArray();
        return elements;
    }

    private static bool IsToken(RespValue value, RebuildToken rebuild) =>
        Utf8Parser.TryParse(value.Span, out long held, out _) && held == rebuild.Value;

    /// <summary>Of a space that no two rebuilds ever meet in.</summary>
    private static RebuildToken NewToken()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(bytes);
        return new RebuildToken(BitConverter.ToInt64(bytes) & long.MaxValue);
    }
}
