namespace Rookery.Wire.Memcached;

/// <summary>
/// A pool of memcached servers (1.6 or later, meta protocol). It never fails its callers: what a server does not answer, because it is
/// away or slow, is <see cref="MemcachedStatus.Unavailable"/>, which for a reader is a miss. Who deletes must look: an item that could
/// not be deleted may be read again by others, and by all once the server is back.
/// </summary>
public sealed class MemcachedClient : IAsyncDisposable
{
    private readonly MemcachedOptions _options;
    private readonly HashRing _ring;
    private readonly Dictionary<WireEndpoint, MemcachedNode> _nodes;

    /// <summary>Connects in the background; the first commands wait for it as long as for an answer.</summary>
    /// <exception cref="ArgumentException">No node is given.</exception>
    public MemcachedClient(MemcachedOptions options)
    {
        if (options.Nodes.Count == 0)
        {
            throw new ArgumentException("No node is given.", nameof(options));
        }

        _options = options;
        _ring = new HashRing(options.Nodes);
        _nodes = options
            .Nodes.Distinct()
            .ToDictionary(node => node, node => new MemcachedNode(node, options));
    }

    /// <summary>Sends all commands of the batch, one flush for each node; then each has its reply in the batch, in its order.</summary>
    /// <exception cref="OperationCanceledException">By the token.</exception>
    public async Task SendAsync(MemcachedBatch batch, CancellationToken stop)
    {
        var flight = batch.Depart();
        if (batch.Count == 0)
        {
            return;
        }

        using var late = new CancellationTokenSource(_options.Timeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        var groups = Group(batch, flight);
        try
        {
            await SendAndLandAsync(groups, flight, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // What has no reply stays unavailable.
        }
        finally
        {
            flight.Close();
            Note(groups, flight, late.IsCancellationRequested);
        }
    }

    /// <summary>Closes all connections; what is asked from now on is a miss.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
        {
            await node.DisposeAsync();
        }
    }

    private static async Task SendAndLandAsync(
        Dictionary<MemcachedNode, List<int>> groups,
        MemcachedFlight flight,
        CancellationToken stop
    )
    {
        foreach (var (node, commands) in groups.Where(group => !group.Key.MayAsk()))
        {
            flight.Skip(commands);
            groups.Remove(node);
        }

        var connecting = new List<KeyValuePair<MemcachedNode, List<int>>>();
        foreach (var group in groups)
        {
            if (group.Key.Tried.IsCompleted)
            {
                flight.Send(group.Key, group.Value);
            }
            else
            {
                connecting.Add(group);
            }
        }

        foreach (var (node, commands) in connecting)
        {
            await node.Tried.WaitAsync(stop);
            flight.Send(node, commands);
        }

        await flight.Landed.WaitAsync(stop);
    }

    private static void Note(
        Dictionary<MemcachedNode, List<int>> asked,
        MemcachedFlight flight,
        bool late
    )
    {
        foreach (var (node, commands) in asked)
        {
            if (commands.TrueForAll(flight.HasReply))
            {
                node.NoteAnswered();
            }
            else if (late)
            {
                node.NoteLate();
            }
        }
    }

    private Dictionary<MemcachedNode, List<int>> Group(MemcachedBatch batch, MemcachedFlight flight)
    {
        var groups = new Dictionary<MemcachedNode, List<int>>();
        for (var i = 0; i < batch.Count; i++)
        {
            var entry = batch.Entries[i];
            if (entry.ValueBytes > _options.MaxValueBytes)
            {
                flight.Refuse(i);
                continue;
            }

            var node = _nodes[_ring.OwnerOf(entry.Hash)];
            if (!groups.TryGetValue(node, out var commands))
            {
                groups[node] = commands = [];
            }

            commands.Add(i);
        }

        return groups;
    }
}
