using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Rookery.Wire.Resp;

namespace Rookery.Wire.Redis;

/// <summary>One sending of a batch: which command went where, and the replies as they come in. Kept by the batch for the next sending.</summary>
internal sealed class Flight(RedisBatch batch) : IRespRequest, IValueTaskSource
{
    private readonly List<Part> _parts = [];
    private ManualResetValueTaskSourceCore<bool> _core = new()
    {
        RunContinuationsAsynchronously = true,
    };
    private RedisReply[] _replies = [];
    private RedisNode?[] _nodes = [];
    private int[] _order = [];
    private int _count;
    private int _open;
    private int _ended;
    private volatile bool _hasTrouble;

    public bool IsFlying { get; private set; }

    /// <summary>Every command has its reply, and the batch is as it was sent.</summary>
    public bool IsLanded { get; set; }

    public RedisReply[] Replies => _replies;

    /// <summary>A reply is an error, or there is none: perhaps one to be sent elsewhere.</summary>
    public bool HasTrouble => _hasTrouble;

    public void Depart(int count)
    {
        if (_replies.Length < count)
        {
            var size = Math.Max(count, _replies.Length * 2);
            (_replies, _nodes, _order) = (
                new RedisReply[size],
                new RedisNode?[size],
                new int[size]
            );
        }

        Array.Clear(_replies, 0, _count);
        _count = count;
        _core.Reset();
        (_ended, _hasTrouble, IsLanded, IsFlying) = (0, false, false, true);
        // One more than there are commands, so that it cannot end before all were sent.
        _open = count + 1;
    }

    /// <summary>Sends everything to one connection, in order.</summary>
    public void SendAll(RespConnection connection)
    {
        for (var i = 0; i < _count; i++)
        {
            _order[i] = i;
        }

        Send(connection, null, 0, _count);
    }

    /// <summary>Groups the commands by node, in the caller's order within each.</summary>
    public List<Part> Group(RedisTopology topology)
    {
        _parts.Clear();
        var entries = batch.Entries;
        for (var i = 0; i < _count; i++)
        {
            _nodes[i] = topology.NodeOf(entries[i].Slot);
        }

        var placed = 0;
        for (var next = 0; placed < _count; next++)
        {
            if (!IsPlaced(_nodes[next]))
            {
                placed = Place(_nodes[next], next, placed);
            }
        }

        return _parts;
    }

    public void Send(in Part part) =>
        Send(part.Node?.Connection, part.Node?.Fault, part.First, part.Count);

    /// <summary>To whom the command was to be sent.</summary>
    public RedisNode? NodeOf(int index) => _nodes[index];

    /// <summary>Ends when every command has a reply, which may be that there is none.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask LandAsync(CancellationToken stop)
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            End(null);
        }

        using (
            stop.UnsafeRegister(
                static (flight, token) =>
                    ((Flight)flight!).End(new OperationCanceledException(token)),
                this
            )
        )
        {
            await new ValueTask(this, _core.Version);
        }
    }

    public void Close(bool landed) => (IsFlying, IsLanded) = (false, landed);

    public void Write(WireBuffer buffer, int first, int count)
    {
        for (var position = first; position < first + count; )
        {
            var from = position++;
            while (position < first + count && _order[position] == _order[position - 1] + 1)
            {
                position++;
            }

            buffer.Append(batch.BytesOf(_order[from], _order[position - 1]));
        }
    }

    public void Reply(int position, in RespValue value, RedisSource source)
    {
        _replies[_order[position]] = new RedisReply(value, source);
        if (value.IsError)
        {
            _hasTrouble = true;
        }

        Answered(1);
    }

    public void Fail(int first, int count, WireUnavailableException failure)
    {
        for (var position = first; position < first + count; position++)
        {
            _replies[_order[position]] = new RedisReply(failure);
        }

        _hasTrouble = true;
        Answered(count);
    }

    private void Answered(int replies)
    {
        if (replies > 0 && Interlocked.Add(ref _open, -replies) == 0)
        {
            End(null);
        }
    }

    /// <summary>The last reply and the caller's token may come at once; the first of them ends it.</summary>
    private void End(Exception? why)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        if (why is null)
        {
            _core.SetResult(true);
        }
        else
        {
            _core.SetException(why);
        }
    }

    private int Place(RedisNode? node, int from, int placed)
    {
        var first = placed;
        for (var i = from; i < _count; i++)
        {
            if (_nodes[i] == node)
            {
                _order[placed++] = i;
            }
        }

        _parts.Add(new Part(node, first, placed - first));
        return placed;
    }

    private bool IsPlaced(RedisNode? node)
    {
        foreach (var part in _parts)
        {
            if (part.Node == node)
            {
                return true;
            }
        }

        return false;
    }

    private void Send(
        RespConnection? connection,
        WireUnavailableException? fault,
        int first,
        int count
    )
    {
        fault = connection is null
            ? fault ?? RedisTopology.Nobody
            : connection.TrySend(this, first, count);
        if (fault is not null)
        {
            Fail(first, count, fault);
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _core.OnCompleted(continuation, state, token, flags);

    internal readonly record struct Part(RedisNode? Node, int First, int Count);
}
