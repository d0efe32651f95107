using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Rookery.Wire.Resp;

namespace Rookery.Wire.Redis;

/// <summary>
/// A Redis or Valkey server, or a cluster of them. Commands of all callers share one connection for each node; who gives many at once
/// gives them as a <see cref="RedisBatch"/>. Connections are made again when they break, slots are followed where they move. While a
/// node is away, commands for it fail at once and those for others do not notice.
/// </summary>
public sealed class RedisClient : IAsyncDisposable
{
    /// <summary>As many as a command can need while slots move and masters change; then the redirect itself is the reply.</summary>
    private const int MostRedirects = 5;

    /// <summary>50, 100, 200 ms: a slot being moved or an election is often over in that time; what lasts longer is the caller's to decide.</summary>
    private const int MostPauses = 3;

    private static readonly RedisCommand Asking = RedisCommand.Keyless("ASKING");

    private readonly RedisOptions _options;
    private readonly RedisTopology _topology;

    private RedisClient(RedisOptions options, RedisTopology topology) =>
        (_options, _topology) = (options, topology);

    /// <summary>True: the slots are spread over several nodes.</summary>
    public bool IsCluster => _topology.IsCluster;

    /// <summary>The current source of every node that has slots and a connection, with these slots.</summary>
    public IReadOnlyList<(RedisSource Source, IReadOnlyList<SlotRange> Slots)> Sources =>
        [
            .. from node in _topology.Nodes
            let source = node.Connection?.Source
            let slots = _topology.SlotsOf(node)
            where source is not null && slots.Count > 0
            select (source, slots),
        ];

    /// <summary>Who would be sent a command of this key now; null while there is no connection there.</summary>
    public RedisSource? SourceOf(ReadOnlySpan<byte> key) =>
        _topology.NodeOf(KeySlot.Of(key))?.Connection?.Source;

    /// <summary>All slots that are where this key's is, that one among them: a node's, as far as is known; those of nobody, where nobody is known to have it.</summary>
    public IReadOnlyList<SlotRange> SlotsBeside(ReadOnlySpan<byte> key) =>
        _topology.SlotsBeside(KeySlot.Of(key));

    /// <summary>Connects, finds out whether it is a cluster, and who has what.</summary>
    /// <exception cref="WireUnavailableException">None of the nodes can be used: not reached, wrong password, no Redis. The message tells of each.</exception>
    public static async Task<RedisClient> ConnectAsync(RedisOptions options, CancellationToken stop)
    {
        if (options.Nodes.Count == 0)
        {
            throw new ArgumentException("No node is given.", nameof(options));
        }

        var topology = new RedisTopology(options);
        try
        {
            await topology.StartAsync(stop);
            return new RedisClient(options, topology);
        }
        catch (Exception fault) when (fault is WireException or OperationCanceledException)
        {
            await topology.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one command, wherever its key is. That there is no answer is a reply too.</summary>
    /// <exception cref="OperationCanceledException">By the token. The command may run all the same.</exception>
    public async ValueTask<RedisReply> SendAsync(RedisCommand command, CancellationToken stop)
    {
        var node = _topology.NodeOf(command.Slot);
        var reply = await SendAsync(node, new RespCall(command.Bytes), stop);
        return await FollowAsync(command.Bytes, command.Slot, node, reply, stop);
    }

    /// <summary>
    /// Runs all commands of the batch, one pipeline for each node; then each has its reply in the batch. A node that fails, fails its own
    /// commands alone. Commands of one key run in the batch's order, except where the key's slot is moved meanwhile.
    /// </summary>
    /// <exception cref="OperationCanceledException">By the token. Commands may have run; the batch can be used again.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(RedisBatch batch, CancellationToken stop)
    {
        var flight = batch.Depart();
        var landed = false;
        try
        {
            await SendAsync(flight, stop);
            if (flight.HasTrouble)
            {
                await FollowAsync(batch, flight, stop);
            }

            landed = true;
        }
        finally
        {
            batch.Land(flight, landed);
        }
    }

    /// <summary>Runs one command at one source: to find out who it is. Fails when that is no longer current.</summary>
    public async ValueTask<RedisReply> SendAsync(
        RedisSource source,
        RedisCommand command,
        CancellationToken stop
    )
    {
        foreach (var node in _topology.Nodes)
        {
            if (node.Connection is { } connection && connection.Source == source)
            {
                return await new RespCall(command.Bytes).OnAsync(connection, stop);
            }
        }

        return new RedisReply(
            new WireUnavailableException($"{source} is no longer current.", neverSent: true)
        );
    }

    /// <summary>
    /// Begins a transaction: watches keys, which are all in one slot, and in the same round trip runs reads, which therefore see what is
    /// watched. Waits while all of the node's sessions are in use.
    /// </summary>
    /// <param name="reads">null: none. Commands that may run twice without harm; their replies stand in the batch.</param>
    /// <exception cref="WireUnavailableException">The node cannot be reached, or the slot is being moved. Nothing was run but reads.</exception>
    /// <exception cref="RespErrorException">The server refused to watch.</exception>
    public async ValueTask<RedisTransaction> WatchAsync(
        RedisArg[] keys,
        RedisBatch? reads,
        CancellationToken stop
    )
    {
        var watch = RedisWatch.Of(keys, reads);
        var node = _topology.NodeOf(watch.Slot);
        for (var (redirects, pauses) = (0, 0); ; )
        {
            var pool = await SessionsOfAsync(node, stop);
            var transaction = new RedisTransaction(pool, await pool.RentAsync(stop), NoteAsync);
            var reply = await watch.RunAsync(transaction, stop);
            var redirect = Redirect.Of(reply);
            if (reply is { Failure: null, IsError: false })
            {
                return transaction;
            }

            await transaction.DisposeAsync();
            await NoteAsync(redirect, stop);
            if (redirect.Kind == RedirectKind.Moved && redirects++ < MostRedirects)
            {
                node = _topology.NodeAt(redirect.Target);
            }
            else if (redirect.Kind is RedirectKind.None && reply.IsError || ++pauses > MostPauses)
            {
                throw RedisWatch.Failed(reply);
            }
            else
            {
                await PauseAsync(pauses, stop);
                node = _topology.NodeOf(watch.Slot);
            }
        }
    }

    /// <summary>
    /// Listens to a channel: of a cluster, to what is published on any node. Ends when it is confirmed.
    /// </summary>
    /// <param name="told">
    /// Called for each message and each gap, one after the other, on the loop that reads: it returns soon and does not throw. Who is slow
    /// is cut off by the server, which is a gap.
    /// </param>
    /// <exception cref="WireUnavailableException">The node cannot be reached.</exception>
    /// <exception cref="RespErrorException">The server refused.</exception>
    public Task<RedisSubscription> SubscribeAsync(
        string channel,
        Action<RedisMessage> told,
        CancellationToken stop
    ) => SubscribeAsync(RedisChannel.Of(channel, isSharded: false), told, stop);

    /// <summary>The same for a channel of SPUBLISH, which lives on the node that has the slot of its name, and goes where that goes.</summary>
    public Task<RedisSubscription> SubscribeShardedAsync(
        string channel,
        Action<RedisMessage> told,
        CancellationToken stop
    ) => SubscribeAsync(RedisChannel.Of(channel, isSharded: true), told, stop);

    /// <summary>Asks the cluster now who has what.</summary>
    internal Task RefreshAsync(CancellationToken stop) => _topology.RefreshedAsync(stop);

    /// <summary>Closes all connections. Commands in flight fail, subscriptions end.</summary>
    public ValueTask DisposeAsync() => _topology.DisposeAsync();

    private async Task<RedisSubscription> SubscribeAsync(
        RedisChannel channel,
        Action<RedisMessage> told,
        CancellationToken stop
    )
    {
        var subscription = new RedisSubscription(_topology, channel, _options, told);
        try
        {
            await subscription.First.WaitAsync(stop);
            return subscription;
        }
        catch (Exception fault) when (fault is WireException or OperationCanceledException)
        {
            await subscription.DisposeAsync();
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(Flight flight, CancellationToken stop)
    {
        List<Flight.Part>? late = null;
        foreach (var part in flight.Group(_topology))
        {
            if (part.Node is { Tried.IsCompleted: false })
            {
                (late ??= []).Add(part);
            }
            else
            {
                flight.Send(part);
            }
        }

        foreach (var part in late ?? [])
        {
            await part.Node!.Tried.WaitAsync(stop);
            flight.Send(part);
        }

        await flight.LandAsync(stop);
    }

    private static Task<RedisReply> SendAsync(
        RedisNode? node,
        RespCall call,
        CancellationToken stop
    ) => node?.SendAsync(call, stop) ?? Task.FromResult(new RedisReply(RedisTopology.Nobody));

    /// <summary>Of a node that is away none is opened: that would wait for it.</summary>
    private async Task<RedisSessionPool> SessionsOfAsync(RedisNode? node, CancellationToken stop)
    {
        await (node?.Tried ?? Task.CompletedTask).WaitAsync(stop);
        if (node?.Connection is not null)
        {
            return node.Sessions;
        }

        _topology.Doubt();
        throw node?.Fault ?? RedisTopology.Nobody;
    }

    private async Task FollowAsync(RedisBatch batch, Flight flight, CancellationToken stop)
    {
        var following = new List<(int Index, Task<RedisReply> Reply)>();
        for (var i = 0; i < batch.Count; i++)
        {
            var reply = flight.Replies[i];
            if (Redirect.Of(reply).Kind != RedirectKind.None)
            {
                var slot = batch.Entries[i].Slot;
                var bytes = batch.MemoryOf(i);
                following.Add((i, FollowAsync(bytes, slot, flight.NodeOf(i), reply, stop)));
            }
        }

        await Task.WhenAll(following.Select(one => one.Reply));
        foreach (var (index, reply) in following)
        {
            flight.Replies[index] = await reply;
        }
    }

    /// <summary>Sends a command again where its reply says that it belongs, until it is answered or has been sent around enough.</summary>
    private async Task<RedisReply> FollowAsync(
        ReadOnlyMemory<byte> command,
        int slot,
        RedisNode? tried,
        RedisReply reply,
        CancellationToken stop
    )
    {
        for (var (redirects, pauses) = (0, 0); redirects < MostRedirects; redirects++)
        {
            var redirect = Redirect.Of(reply);
            await NoteAsync(redirect, stop);
            var call = new RespCall(command);
            var node = _topology.NodeOf(slot);
            switch (redirect.Kind)
            {
                case RedirectKind.None:
                case RedirectKind.Moved or RedirectKind.Ask when !IsCluster:
                case RedirectKind.NeverSent when node == tried:
                case RedirectKind.Later when pauses == MostPauses:
                    return reply;
                case RedirectKind.Later:
                    await PauseAsync(++pauses, stop);
                    node = _topology.NodeOf(slot);
                    break;
                case RedirectKind.Moved:
                    node = _topology.NodeAt(redirect.Target);
                    break;
                case RedirectKind.Ask:
                    node = _topology.NodeAt(redirect.Target);
                    call = new RespCall(
                        (byte[])[.. Asking.Bytes.Span, .. command.Span],
                        replies: 2
                    );
                    break;
            }

            reply = await SendAsync(node, call, stop);
            tried = node;
        }

        return reply;
    }

    private async ValueTask NoteAsync(Redirect redirect, CancellationToken stop)
    {
        switch (redirect.Kind)
        {
            case RedirectKind.Moved:
                await _topology.MovedAsync(redirect.Slot, redirect.Target, stop);
                break;
            case RedirectKind.Later or RedirectKind.NeverSent:
                _topology.Doubt();
                break;
        }
    }

    private Task PauseAsync(int pauses, CancellationToken stop) =>
        Task.Delay(
            TimeSpan.FromMilliseconds(
                (25 << pauses) * RandomNumberGenerator.GetInt32(80, 121) / 100.0
            ),
            _options.Time,
            stop
        );
}
