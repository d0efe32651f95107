namespace Rookery.Wire.Memcached;

/// <summary>
/// One sending of a batch. It ends when every command has its reply, or when the time is over: what has none then stays unavailable,
/// and what comes later is not looked at.
/// </summary>
internal sealed class MemcachedFlight(MemcachedBatch batch) : IWireRequest<MemcachedReply, string>
{
    private readonly Lock _lock = new();
    private readonly int[] _order = new int[batch.Count];
    private readonly TaskCompletionSource _landed = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private int _open = batch.Count;
    private int _placed;

    public MemcachedReply[] Replies { get; } = new MemcachedReply[batch.Count];

    public Task Landed => _landed.Task;

    /// <summary>Sends commands to one node, with one flush.</summary>
    public void Send(MemcachedNode node, List<int> commands)
    {
        var first = _placed;
        commands.CopyTo(_order, first);
        _placed += commands.Count;
        var connection = node.Connection;
        if (connection is null || connection.TrySend(this, first, commands.Count) is not null)
        {
            Answered(commands.Count);
        }
    }

    /// <summary>It is not sent at all.</summary>
    public void Refuse(int command)
    {
        Replies[command] = new MemcachedReply(MemcachedStatus.NotStored);
        Answered(1);
    }

    /// <summary>They are not sent, and stay unavailable.</summary>
    public void Skip(List<int> commands) => Answered(commands.Count);

    public bool HasReply(int command) => Replies[command].Status != MemcachedStatus.Unavailable;

    /// <summary>Nothing is written to the replies from now on.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _open = 0;
        }
    }

    public void Write(WireBuffer buffer, int first, int count)
    {
        for (var position = first; position < first + count; position++)
        {
            buffer.Append(batch.BytesOf(_order[position]));
        }
    }

    public void Reply(int position, in MemcachedReply value, string source)
    {
        lock (_lock)
        {
            if (_open > 0)
            {
                Replies[_order[position]] = value;
            }
        }

        Answered(1);
    }

    public void Fail(int first, int count, WireUnavailableException failure) => Answered(count);

    private void Answered(int commands)
    {
        lock (_lock)
        {
            _open -= commands;
            if (_open != 0)
            {
                return;
            }
        }

        _landed.TrySetResult();
    }
}
