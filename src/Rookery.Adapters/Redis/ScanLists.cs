using System.Runtime.CompilerServices;
using Rookery.Wire;
using Rookery.Wire.Redis;
using Rookery.Wire.Resp;

namespace Rookery.Adapters.Redis;

/// <summary>Goes through all keys of the store on one server.</summary>
internal sealed class ScanLists(TimelineSpace space)
{
    private const int KeysPerScan = 1_000;

    /// <summary>Owners of lists and tokens, some at a time; one that is there all the while is among them, perhaps more than once.</summary>
    public async IAsyncEnumerable<AccountId[]> AllAsync(
        RedisSource source,
        [EnumeratorCancellation] CancellationToken token
    )
    {
        var cursor = "0";
        do
        {
            var reply = await ScanAsync(source, cursor, token);
            var owners = new HashSet<AccountId>();
            foreach (var key in reply[1])
            {
                if (space.Keys.OwnerOf(key.Span) is { } owner)
                {
                    owners.Add(owner);
                }
            }

            cursor = reply[0].AsText();
            yield return [.. owners];
        } while (cursor != "0");
    }

    /// <summary>Those whose list was built.</summary>
    public async ValueTask<List<AccountId>> BuiltAsync(
        IReadOnlyList<AccountId> owners,
        CancellationToken token
    )
    {
        var batch = space.Rent();
        try
        {
            foreach (var owner in owners)
            {
                batch.Add("LINDEX", space.Keys.ListOf(owner), -1);
            }

            await space.Client.SendAsync(batch, token);
            return
            [
                .. owners.Where(
                    (_, place) =>
                        ForeignKey.OwnOf(batch[place].Value) is { } last
                        && ListElement.IsFloorIn(last)
                ),
            ];
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

    private async ValueTask<RespValue> ScanAsync(
        RedisSource source,
        string cursor,
        CancellationToken token
    )
    {
        var scan = RedisCommand.Keyless(
            "SCAN",
            cursor,
            "MATCH",
            space.Keys.Pattern,
            "COUNT",
            KeysPerScan
        );
        try
        {
            return (await space.Client.SendAsync(source, scan, token)).OrThrow();
        }
        catch (WireException fault) when (Unavailable.Is(fault))
        {
            throw Unavailable.Because(fault);
        }
    }
}
