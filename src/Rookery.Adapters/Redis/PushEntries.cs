using Microsoft.Extensions.Logging;
using Rookery.Timelines;
using Rookery.Wire;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>
/// Pushes an entry onto the lists of a chunk of owners: one pipeline for each node. Lists that have grown too long are trimmed by what the pushes
/// answer. Where some nodes cannot be reached, only their owners are tried again: the others' lists would fill with repeats.
/// </summary>
internal sealed partial class PushEntries(
    TimelineSpace space,
    TrimList trim,
    TimeProvider time,
    ILogger logger
)
{
    /// <summary>Older ones carry the late bit; see <see cref="ListPart"/>.</summary>
    private static readonly TimeSpan Punctual = TimeSpan.FromSeconds(15);

    /// <summary>No command of a push leaves later than that after its entry was judged, however often it is sent elsewhere.</summary>
    private static readonly TimeSpan SentWithin = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <exception cref="StoreUnavailableException">Nothing was pushed.</exception>
    public async ValueTask PushAsync(
        ReadOnlyMemory<AccountId> owners,
        TimelineEntry entry,
        CancellationToken token
    )
    {
        for (var attempt = 0; owners.Length > 0; attempt++)
        {
            var outcome = await SendAsync(owners, entry, token);
            await trim.TrimAsync(outcome.TooLong, token);
            if (outcome.Fault is null)
            {
                return;
            }

            if (outcome.Failed.Count == owners.Length && attempt == 0)
            {
                throw Unavailable.Because(outcome.Fault);
            }

            if (attempt == 0)
            {
                SomeFailed(logger, outcome.Failed.Count, owners.Length, outcome.Fault.Message);
            }

            owners = outcome.Failed.ToArray();
            await PauseAsync(attempt, token);
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
        var outcome = new Outcome();
        for (var i = 0; i < owners.Length; i++)
        {
            ref readonly var reply = ref batch[i];
            if (Unavailable.FaultOf(reply) is { } fault)
            {
                outcome.Fail(owners[i], fault);
            }
            else if (reply.Value.AsInteger() is var length && length > space.TrimAbove)
            {
                outcome.TooLong.Add((owners[i], (int)length));
            }
        }

        return outcome;
    }

    private Task PauseAsync(int attempt, CancellationToken token)
    {
        var pause = TimeSpan.FromMilliseconds(50 << Math.Min(attempt, 6));
        return Task.Delay(pause < LongestPause ? pause : LongestPause, time, token);
    }

    private sealed class Outcome
    {
        public List<(AccountId Owner, int Length)> TooLong { get; } = [];

        public List<AccountId> Failed { get; } = [];

        public WireException? Fault { get; private set; }

        public void Fail(AccountId owner, WireException fault)
        {
            if (!Unavailable.Is(fault))
            {
                throw fault;
            }

            Failed.Add(owner);
            Fault = fault;
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "{Failed} of {All} pushes wait for their part of Redis: {Why}"
    )]
    private static partial void SomeFailed(ILogger logger, int failed, int all, string why);
}
