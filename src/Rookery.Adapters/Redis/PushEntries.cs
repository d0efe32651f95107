using Rookery.Timelines;
using Rookery.Wire;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>
/// Pushes an entry onto the lists of a chunk of owners: one pipeline for each node. Lists that have grown too long are trimmed by what the pushes
/// answer. Where some nodes cannot be reached, the others' lists have the entry, and nobody waits for those.
/// </summary>
internal sealed class PushEntries(
    TimelineSpace space,
    TrimList trim,
    DropLists drop,
    TimeProvider time
)
{
    /// <summary>Older ones carry the late bit; see <see cref="ListPart"/>.</summary>
    private static readonly TimeSpan Punctual = TimeSpan.FromSeconds(15);

    /// <summary>No command of a push leaves later than that after its entry was judged, however often it is sent elsewhere.</summary>
    private static readonly TimeSpan SentWithin = TimeSpan.FromSeconds(20);

    /// <exception cref="StoreUnavailableException">Nothing was pushed; or, where it names parts, all but to those.</exception>
    public async ValueTask PushAsync(
        ReadOnlyMemory<AccountId> owners,
        TimelineEntry entry,
        CancellationToken token
    )
    {
        if (owners.Length == 0)
        {
            return;
        }

        var outcome = await SendAsync(owners, entry, token);
        await trim.TrimAsync(outcome.TooLong, token);
        await DropAsync(outcome.Foreign, token);
        outcome.Away.ThrowIfAny();
    }

    private async ValueTask DropAsync(List<AccountId> foreign, CancellationToken token)
    {
        try
        {
            await drop.DropAsync(foreign.ToArray(), token);
        }
        catch (Exception fault) when (fault is WireException or StoreUnavailableException)
        {
            // There was no list to push to; who meets the key next takes it away.
        }
    }

    private async ValueTask<Outcome> SendAsync(
        ReadOnlyMemory<AccountId> owners,
        TimelineEntry entry,
        CancellationToken token
    )
    {
        var batch = space.Rent();
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(token);
        sending.CancelAfter(SentWithin);
        try
        {
            Fill(batch, owners.Span, entry);
            await space.Client.SendAsync(batch, sending.Token);
            return OutcomeOf(batch, owners.Span);
        }
        catch (OperationCanceledException late) when (!token.IsCancellationRequested)
        {
            throw new StoreUnavailableException(
                $"Redis took no push within {SentWithin.TotalSeconds} s.",
                late
            );
        }
        finally
        {
            space.Return(batch);
        }
    }

    private void Fill(RedisBatch batch, ReadOnlySpan<AccountId> owners, TimelineEntry entry)
    {
        Span<byte> key = stackalloc byte[TimelineKeys.MaxLength];
        Span<byte> value = stackalloc byte[ListElement.Size];
        var late = time.GetUtcNow() - entry.Post.CreatedAt > Punctual;
        ListElement.Of(entry, late).WriteTo(value);
        foreach (var owner in owners)
        {
            var length = space.Keys.Write(owner, TimelineKeys.List, key);
            batch.Add("LPUSHX", key[..length], value);
        }
    }

    private Outcome OutcomeOf(RedisBatch batch, ReadOnlySpan<AccountId> owners)
    {
        var outcome = new Outcome(space);
        for (var i = 0; i < owners.Length; i++)
        {
            ref readonly var reply = ref batch[i];
            if (Unavailable.FaultOf(reply) is { } fault)
            {
                if (ForeignKey.Is(fault))
                {
                    outcome.Foreign.Add(owners[i]);
                    continue;
                }

                outcome.Away.Add(owners[i], fault);
            }
            else if (reply.Value.AsInteger() is var length && length > space.TrimAbove)
            {
                outcome.TooLong.Add((owners[i], (int)length));
            }
        }

        return outcome;
    }

    private sealed class Outcome(TimelineSpace space)
    {
        public List<(AccountId Owner, int Length)> TooLong { get; } = [];

        public List<AccountId> Foreign { get; } = [];

        public PartsAway Away { get; } = new(space);
    }
}
