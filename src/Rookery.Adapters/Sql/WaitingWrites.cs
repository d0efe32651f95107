using System.Threading.Channels;

namespace Rookery.Adapters.Sql;

/// <summary>Writes on their way to the commit thread, in order and bounded in number.</summary>
internal sealed class WaitingWrites(int length, TimeProvider time)
{
    private static readonly TimeSpan PatienceWhenFull = TimeSpan.FromSeconds(1);

    private readonly Channel<CommitMember> _waiting = Channel.CreateBounded<CommitMember>(
        new BoundedChannelOptions(length) { SingleReader = true }
    );

    /// <exception cref="StoreUnavailableException">There is no room, or the store is closing: nothing was stored.</exception>
    public ValueTask AddAsync(CommitMember member, CancellationToken token) =>
        _waiting.Writer.TryWrite(member)
            ? ValueTask.CompletedTask
            : new ValueTask(AddWhenFullAsync(member, token));

    /// <summary>Waits for a first and takes those behind it, up to <paramref name="most"/> and but for those that were given up; false when no more will come. For one thread.</summary>
    public bool Take(List<CommitMember> group, int most)
    {
        group.Clear();
        var reader = _waiting.Reader;
        CommitMember? member;
        while (!reader.TryRead(out member))
        {
            var more = reader.WaitToReadAsync().AsTask();
            if (!more.GetAwaiter().GetResult())
            {
                return false;
            }
        }

        do
        {
            if (member.TryTake())
            {
                group.Add(member);
            }
        } while (group.Count < most && reader.TryRead(out member));
        return true;
    }

    public void Complete() => _waiting.Writer.TryComplete();

    private async Task AddWhenFullAsync(CommitMember member, CancellationToken token)
    {
        using var patience = new CancellationTokenSource(PatienceWhenFull, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, patience.Token);
        try
        {
            await _waiting.Writer.WriteAsync(member, either.Token);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            throw new StoreUnavailableException("More writes are waiting than can be committed.");
        }
        catch (ChannelClosedException)
        {
            throw new StoreUnavailableException("The store is closing.");
        }
    }
}
