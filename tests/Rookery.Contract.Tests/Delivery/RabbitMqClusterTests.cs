using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>Three brokers, of which one is killed after the other, and then all at once.</summary>
public sealed class RabbitMqClusterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_go_on_while_any_one_of_three_brokers_is_dead_and_come_back_with_all()
    {
        await using var cluster = await RabbitMqCluster.StartAsync(Stop);
        await using var rig = new RabbitMqBusRig(() => Task.FromResult(cluster.Uri));
        ScriptedConsumer[] consumers = [new("one"), new("two")];
        await rig.StartAsync(consumers);
        var all = new List<long>();
        await PassesAsync();
        foreach (var node in cluster.Nodes)
        {
            await WrittenDownAsync(cluster, rig);
            await node.KillAsync();
            await PassesAsync();
            await node.RestartAsync(Stop);
        }

        await WrittenDownAsync(cluster, rig);
        await Task.WhenAll(cluster.Nodes.Select(node => node.KillAsync()));
        all.AddRange(await CommitAsync(rig, 500));
        await cluster.StartAllAsync(Stop);
        await PassesAsync();
        Assert.Empty(await rig.Outbox.DeadLettersAsync(Stop));

        async Task PassesAsync()
        {
            all.AddRange(await CommitAsync(rig, 500));
            await Wait.UntilAsync(
                async () =>
                {
                    rig.Pass(TimeSpan.FromMilliseconds(200));
                    return await rig.Bus.AppliedThroughAsync(Stop) >= all[^1];
                },
                () => rig.Log.Text,
                Stop
            );
            Assert.All(consumers, one => Assert.Equal(all, one.Applied));
        }
    }

    /// <summary>Brokers write down new quorum queues half a second late, which this takes longer than.</summary>
    private static async Task WrittenDownAsync(RabbitMqCluster cluster, RabbitMqBusRig rig)
    {
        var queues = await cluster
            .Nodes[0]
            .ControlAsync(Stop, "list_queues", "name", "members", "--no-table-headers");
        var ours = queues
            .Split('\n')
            .Where(line => line.StartsWith(rig.Prefix, StringComparison.Ordinal));
        Assert.NotEmpty(ours);
        Assert.All(
            ours,
            line =>
                Assert.All(
                    cluster.Nodes,
                    node => Assert.Contains(node.NodeName, line, StringComparison.Ordinal)
                )
        );
    }

    private static async Task<IEnumerable<long>> CommitAsync(RabbitMqBusRig rig, int count) =>
        (
            await rig.CommitAsync([
                .. Enumerable
                    .Range(1, count)
                    .Select(number => (DomainEvent)EventBusRig.Event(number)),
            ])
        ).Select(committed => committed.Sequence);
}
