using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>What happens to events while the broker that carries them is killed, emptied, full or cut off.</summary>
public sealed class RabbitMqFaultTests : IClassFixture<BrokerOfFaults>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_that_is_killed_under_load_loses_nothing()
    {
        var server = await BrokerOfFaults.ServerAsync();
        await using var rig = new RabbitMqBusRig(BrokerOfFaults.UriAsync);
        ScriptedConsumer[] consumers = [new("one"), new("two")];
        await rig.StartAsync(consumers);
        var all = new List<long>(await CommitAsync(rig, 10));
        await AppliedAsync(rig, consumers, all);
        await WrittenDownAsync(server, rig);

        var back = false;
        // Enough to be at work when it is killed, whatever the machine; no more, for all must be applied within the wait.
        const int most = 20_000;
        var writing = Task.Run(
            async () =>
            {
                while (!Volatile.Read(ref back) && all.Count < most)
                {
                    all.AddRange(await CommitAsync(rig, 20));
                }
            },
            Stop
        );
        var reached = all.Count + 1_000;
        await UntilAsync(rig, () => consumers.All(one => one.Applied.Count > reached));
        await server.KillAsync();
        await UntilAsync(rig, () => rig.Log.Contains("The connection to RabbitMQ at"));
        await server.RestartAsync(Stop);
        Volatile.Write(ref back, true);
        await writing;
        await AppliedAsync(rig, consumers, all);
        Assert.Empty(await rig.Outbox.DeadLettersAsync(Stop));
    }

    [Fact]
    public async Task A_broker_that_is_killed_over_new_queues_loses_nothing()
    {
        var server = await BrokerOfFaults.ServerAsync();
        await using var rig = new RabbitMqBusRig(BrokerOfFaults.UriAsync);
        var gate = new Gate();
        var consumer = new ScriptedConsumer("new", gate.PassAsync);
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 200);
        await UntilAsync(rig, () => consumer.TriesOf(all[0]) > 0);
        await server.RestartAsync(Stop);
        gate.Open();
        all.AddRange(await CommitAsync(rig, 10));
        await AppliedAsync(rig, [consumer], all);
    }

    [Fact]
    public async Task Events_of_a_broker_that_lost_its_disk_come_from_the_outbox_again()
    {
        var server = await BrokerOfFaults.ServerAsync();
        await using var rig = new RabbitMqBusRig(BrokerOfFaults.UriAsync);
        var gate = new Gate();
        ScriptedConsumer[] consumers = [new("late", gate.PassAsync), new("prompt")];
        await rig.StartAsync(consumers);
        var all = await CommitAsync(rig, 2_000);
        await UntilAsync(rig, () => consumers[1].Applied.Count == all.Count);
        await PublishedAsync(rig, all[^1]);
        Assert.Empty(consumers[0].Applied);

        await server.RestartEmptyAsync(Stop);
        gate.Open();
        all.AddRange(await CommitAsync(rig, 10));
        await AppliedAsync(rig, consumers, all);
        Assert.Contains($"{rig.Prefix}.late.2 is new", rig.Log.Text, StringComparison.Ordinal);
        Assert.Empty(await rig.Outbox.DeadLettersAsync(Stop));
    }

    [Fact]
    public async Task What_was_in_hand_when_the_connection_was_cut_comes_again()
    {
        var server = await BrokerOfFaults.ServerAsync();
        await using var rig = new RabbitMqBusRig(BrokerOfFaults.UriAsync);
        var gate = new Gate();
        var consumer = new ScriptedConsumer("cut", gate.PassAsync);
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 300);
        await UntilAsync(rig, () => consumer.TriesOf(all[0]) == 1);
        await server.ControlAsync(Stop, "close_all_connections", "a test cuts them");
        await UntilAsync(rig, () => consumer.TriesOf(all[0]) == 2);
        gate.Open();
        await AppliedAsync(rig, [consumer], all);
    }

    [Fact]
    public async Task A_broker_that_takes_nothing_is_waited_for()
    {
        var server = await BrokerOfFaults.ServerAsync();
        await using var rig = new RabbitMqBusRig(
            BrokerOfFaults.UriAsync,
            options => options.ConfirmSeconds = 1
        );
        var consumer = new ScriptedConsumer("patient");
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 10);
        await AppliedAsync(rig, [consumer], all);
        await server.ControlAsync(Stop, "set_vm_memory_high_watermark", "0.000001");
        var blocked = await CommitAsync(rig, 5_000);
        const string begins = "takes no events now; it says: low on memory";
        await UntilAsync(rig, () => rig.Log.Contains(begins));
        Assert.True(await rig.Outbox.PublishedThroughAsync(Stop) < blocked[^1]);
        Assert.False(rig.Log.Contains("takes events again"));

        await server.ControlAsync(Stop, "set_vm_memory_high_watermark", "absolute", "512MB");
        await AppliedAsync(rig, [consumer], [.. all, .. blocked]);
        await UntilAsync(rig, () => rig.Log.Contains("takes events again"));
        // However long it took: it is no news each time somebody has waited for a second.
        Assert.Equal(2, rig.Log.Text.Split(begins).Length);
    }

    [Fact]
    public async Task A_broker_that_is_away_at_the_start_is_named_with_its_setting_and_waited_for()
    {
        var server = await BrokerOfFaults.ServerAsync();
        await server.KillAsync();
        await using var rig = new RabbitMqBusRig(BrokerOfFaults.UriAsync);
        var consumer = new ScriptedConsumer("early");
        await rig.StartAsync([consumer]);
        var all = await CommitAsync(rig, 10);
        await UntilAsync(rig, () => rig.Log.Contains("RabbitMq:Uri"));
        Assert.Contains($"127.0.0.1:{server.Port}", rig.Log.Text, StringComparison.Ordinal);
        Assert.Contains("refused", rig.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("guest", rig.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", rig.Log.Text, StringComparison.Ordinal);
        await server.RestartAsync(Stop);
        await AppliedAsync(rig, [consumer], all);
    }

    /// <summary>It writes down its quorum queues half a second late, and one that is newer has no leader after a SIGKILL.</summary>
    private static async Task WrittenDownAsync(RabbitMqServer server, RabbitMqBusRig rig) =>
        Assert.Contains(
            rig.Prefix,
            await server.ControlAsync(Stop, "list_queues"),
            StringComparison.Ordinal
        );

    private static async Task<List<long>> CommitAsync(EventBusRig rig, int count) =>
        [
            .. (
                await rig.CommitAsync([
                    .. Enumerable
                        .Range(1, count)
                        .Select(number => (DomainEvent)EventBusRig.Event(number)),
                ])
            ).Select(committed => committed.Sequence),
        ];

    private static async Task AppliedAsync(
        RabbitMqBusRig rig,
        IReadOnlyList<ScriptedConsumer> consumers,
        List<long> all
    )
    {
        await UntilAsync(rig, () => consumers.All(one => one.Applied.Count == all.Count));
        Assert.All(consumers, one => Assert.Equal(all, one.Applied));
        await Wait.UntilAsync(
            async () => await rig.Bus.AppliedThroughAsync(Stop) == all[^1],
            () => "the position is at the end",
            Stop
        );
    }

    private static Task PublishedAsync(EventBusRig rig, long through) =>
        Wait.UntilAsync(
            async () => await rig.Outbox.PublishedThroughAsync(Stop) >= through,
            () => "all is published",
            Stop
        );

    private static Task UntilAsync(RabbitMqBusRig rig, Func<bool> holds) =>
        Wait.UntilAsync(
            () =>
            {
                rig.Pass(TimeSpan.FromMilliseconds(200));
                return Task.FromResult(holds());
            },
            () => rig.Log.Text,
            Stop
        );
}
