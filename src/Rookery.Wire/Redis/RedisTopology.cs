using System.Collections.Concurrent;

namespace Rookery.Wire.Redis;

/// <summary>Which node has which slot. Without a cluster: one node has all. Of a cluster it is asked again whenever something speaks against what is known.</summary>
internal sealed class RedisTopology : IAsyncDisposable
{
    /// <summary>How often it is asked who has the slots of a node that is away.</summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromMilliseconds(250);

    /// <summary>A node that takes longer to tell its view is passed over: others know as much.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>A node without slots may be the one that the first of them are just moving to.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    /// <summary>Between two questions, however many have doubts.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly RedisOptions _options;
    private readonly RedisDialer _dialer;
    private readonly ConcurrentDictionary<WireEndpoint, RedisNode> _nodes = new();
    private readonly RedisNode?[] _slots = new RedisNode?[KeySlot.Count];
    private readonly CancellationTokenSource _stop = new();
    private readonly Signal _doubt = new();
    private RedisNode? _only;
    private TaskCompletionSource _nextRefresh = NewRefresh();
    private ITimer? _recheck;
    private long _refreshedAt;
    private Task _refreshing = Task.CompletedTask;
    private volatile bool _isDoubted;
    private int _turn;

    public RedisTopology(RedisOptions options)
    {
        (_options, _dialer) = (options, new RedisDialer(options));
        foreach (var endpoint in options.Nodes)
        {
            NodeAt(endpoint);
        }
    }

    public static WireUnavailableException Nobody { get; } =
        new("No server is known that would run the command.", neverSent: true);

    public bool IsCluster => _only is null;

    public bool IsClosed => _stop.IsCancellationRequested;

    public IEnumerable<RedisNode> Nodes => _nodes.Values;

    /// <summary>Null when nobody is known to have the slot.</summary>
    public RedisNode? NodeOf(int slot) =>
        _only ?? (slot == KeySlot.None ? Any() : Volatile.Read(ref _slots[slot]));

    /// <summary>Knows the node from now on, and connects to it.</summary>
    public RedisNode NodeAt(WireEndpoint endpoint)
    {
        if (_nodes.TryGetValue(endpoint, out var node))
        {
            node.WantedAt = _options.Time.GetTimestamp();
            return node;
        }

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            return _nodes.GetOrAdd(
                endpoint,
                static (at, self) => new RedisNode(at, self._dialer, self._options, self.Doubt),
                this
            );
        }
    }

    public IReadOnlyList<SlotRange> SlotsOf(RedisNode? node)
    {
        var ranges = new List<SlotRange>();
        for (var slot = 0; slot < KeySlot.Count; slot++)
        {
            if (NodeOf(slot) == node)
            {
                var first = slot;
                while (slot + 1 < KeySlot.Count && NodeOf(slot + 1) == node)
                {
                    slot++;
                }

                ranges.Add(new SlotRange(first, slot));
            }
        }

        return ranges;
    }

    /// <summary>Those of whoever has the slot, as of one moment: it is among them, however slots move meanwhile.</summary>
    public IReadOnlyList<SlotRange> SlotsBeside(int slot)
    {
        lock (_lock)
        {
            return SlotsOf(NodeOf(slot));
        }
    }

    /// <summary>Finds out what kind of server it is, and who has what.</summary>
    /// <exception cref="WireUnavailableException">None of the given nodes can be used; the message tells of each.</exception>
    public async Task StartAsync(CancellationToken stop)
    {
        var waiting = _nodes.Values.ToList();
        while (waiting.Count > 0)
        {
            await Task.WhenAny(waiting.Select(node => node.Tried)).WaitAsync(stop);
            var tried = waiting.First(node => node.Tried.IsCompleted);
            waiting.Remove(tried);
            if (tried.Connection is not null && await TryBeginAtAsync(tried, stop))
            {
                return;
            }
        }

        throw new WireUnavailableException(
            string.Join(" ", _options.Nodes.Select(WhyNot)),
            neverSent: true
        );
    }

    /// <summary>
    /// A node says that a slot is another's. The whole is asked for first, since more slots will have moved with it; where the answer
    /// does not know of this one yet, it is believed.
    /// </summary>
    public async Task MovedAsync(int slot, WireEndpoint target, CancellationToken stop)
    {
        if (!IsCluster || NodeOf(slot)?.Endpoint == target)
        {
            return;
        }

        await RefreshedAsync(stop);
        if (NodeOf(slot)?.Endpoint != target)
        {
            Assign([new OwnedRange(new SlotRange(slot, slot), target)], isFirst: false);
        }
    }

    public Task RefreshedAsync(CancellationToken stop)
    {
        var refreshed = Volatile.Read(ref _nextRefresh).Task;
        Doubt();
        return refreshed.WaitAsync(stop);
    }

    /// <summary>What is known may be out of date.</summary>
    public void Doubt()
    {
        _isDoubted = true;
        _doubt.Set();
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (IsClosed)
            {
                return;
            }

            _stop.Cancel();
        }

        _recheck?.Dispose();
        _doubt.Set();
        await _refreshing;
        foreach (var node in _nodes.Values)
        {
            await node.DisposeAsync();
        }

        _stop.Dispose();
    }

    private async Task<bool> TryBeginAtAsync(RedisNode node, CancellationToken stop)
    {
        if (!node.Greeting.IsCluster)
        {
            return !node.Greeting.IsReplica && await SettleOnAsync(node);
        }

        if (
            await ClusterView.OfAsync(node, _options.ConnectTimeout, _options.Time, stop)
            is not { } view
        )
        {
            return false;
        }

        Assign(view.Ranges, isFirst: true);
        var owners = _nodes.Values.Select(owner => owner.Tried);
        await Task.WhenAll(owners).WaitAsync(stop);
        _recheck = _options.Time.CreateTimer(_ => AskAgain(), null, Recheck, Recheck);
        _refreshing = Task.Run(RefreshAsync, CancellationToken.None);
        return true;
    }

    private async Task<bool> SettleOnAsync(RedisNode node)
    {
        _only = node;
        foreach (var other in _nodes.Values.Where(other => other != node))
        {
            _nodes.TryRemove(other.Endpoint, out _);
            await other.DisposeAsync();
        }

        return true;
    }

    /// <summary>
    /// A slot without a connection is asked about until somebody is found that has it; and all are from time to time, since a node that
    /// is frozen breaks no connection.
    /// </summary>
    private void AskAgain()
    {
        var since = _options.Time.GetElapsedTime(Volatile.Read(ref _refreshedAt));
        if (_isDoubted || since >= _options.KeepAlive)
        {
            _doubt.Set();
        }
    }

    private async Task RefreshAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await _doubt.WaitAsync();
            await Task.Yield();
            var refresh = Interlocked.Exchange(ref _nextRefresh, NewRefresh());
            try
            {
                await RefreshOnceAsync(_stop.Token);
                refresh.SetResult();
                await Task.Delay(Rest, _options.Time, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The client is closed.
            }
#pragma warning disable CA1031 // Whoever is told of sources threw. Without this loop nothing would be found any more that moves.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                _isDoubted = true;
                _options.Notice?.Invoke(new WireNotice(_options.Nodes[0], "not refreshed", fault));
            }
            finally
            {
                refresh.TrySetResult();
            }
        }

        _nextRefresh.TrySetResult();
    }

    private async Task RefreshOnceAsync(CancellationToken stop)
    {
        _isDoubted = false;
        Volatile.Write(ref _refreshedAt, _options.Time.GetTimestamp());
        var view = await ViewAsync(stop);
        if (view is not null)
        {
            Assign(view.Ranges, isFirst: false);
            var gone = ForgetUnused();
            await Task.WhenAll(gone.Select(unused => unused.DisposeAsync().AsTask()));
        }

        if (view is null || _slots.Any(owner => owner?.Connection is null))
        {
            _isDoubted = true;
        }
    }

    /// <summary>
    /// The first view that counts. A master that is cut off still takes the slots for its own: rather than that, what is known stays.
    /// </summary>
    private async Task<ClusterView?> ViewAsync(CancellationToken stop)
    {
        foreach (var node in Connected())
        {
            var view = await ClusterView.OfAsync(node, Patience, _options.Time, stop);
            if (view is { IsOk: true })
            {
                return view;
            }
        }

        return null;
    }

    /// <summary>Another one first each time: one that is cut off from the others must not be the only one asked.</summary>
    private List<RedisNode> Connected()
    {
        var connected = _nodes.Values.Where(node => node.Connection is not null).ToList();
        var first = connected.Count > 0 ? (int)((uint)_turn++ % connected.Count) : 0;
        return [.. connected[first..], .. connected[..first]];
    }

    private static TaskCompletionSource NewRefresh() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Nodes are renewed before commands for their new slots can reach them.</summary>
    private void Assign(List<OwnedRange> ranges, bool isFirst)
    {
        var owned = ranges.ConvertAll(range => (range.Slots, Node: NodeAt(range.Owner)));
        lock (_lock)
        {
            var grown = owned.Where(range => !Has(range.Node, range.Slots));
            foreach (var node in grown.Select(range => range.Node).Distinct().ToList())
            {
                if (!isFirst)
                {
                    node.Renew();
                    var what = "has slots that it had not";
                    _options.Notice?.Invoke(new WireNotice(node.Endpoint, what, null));
                }
            }

            foreach (var (slots, node) in owned)
            {
                _slots.AsSpan(slots.First..(slots.Last + 1)).Fill(node);
            }
        }
    }

    private bool Has(RedisNode node, SlotRange slots)
    {
        foreach (var owner in _slots.AsSpan(slots.First..(slots.Last + 1)))
        {
            if (owner != node)
            {
                return false;
            }
        }

        return true;
    }

    private List<RedisNode> ForgetUnused()
    {
        lock (_lock)
        {
            var used = _slots.ToHashSet();
            var unused = _nodes
                .Values.Where(node => !used.Contains(node))
                .Where(node => !_options.Nodes.Contains(node.Endpoint))
                .Where(node => _options.Time.GetElapsedTime(node.WantedAt) > Kept)
                .ToList();
            unused.ForEach(node => _nodes.TryRemove(node.Endpoint, out _));
            return unused;
        }
    }

    private RedisNode? Any()
    {
        RedisNode? any = null;
        foreach (var (_, node) in _nodes)
        {
            if (node.Connection is not null)
            {
                return node;
            }

            any = node;
        }

        return any;
    }

    private string WhyNot(WireEndpoint endpoint) =>
        !_nodes.TryGetValue(endpoint, out var node) ? $"{endpoint} is not known."
        : node.Fault is { } fault ? fault.Message
        : node.Greeting.IsCluster ? $"{endpoint} does not know who has the slots of its cluster."
        : $"{endpoint} is a replica.";
}
