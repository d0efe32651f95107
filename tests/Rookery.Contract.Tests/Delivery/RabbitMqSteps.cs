using System.Text;
using RabbitMQ.Client;
using Rookery.Adapters.RabbitMq;
using Rookery.Delivery;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>What tests of single messages do to a bus and its broker.</summary>
internal static class RabbitMqSteps
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static RabbitMqBusRig Rig(Action<RabbitMqOptions>? configure = null) =>
        new(RabbitMqBusRig.SharedAsync, configure);

    public static async Task<List<long>> CommitAsync(EventBusRig rig, int count) =>
        [
            .. (
                await rig.CommitAsync([
                    .. Enumerable
                        .Range(1, count)
                        .Select(number => (DomainEvent)EventBusRig.Event(number)),
                ])
            ).Select(committed => committed.Sequence),
        ];

    public static Task AppliedThroughAsync(RabbitMqBusRig rig, long through) =>
        Wait.UntilAsync(
            async () =>
            {
                rig.Pass(TimeSpan.FromMilliseconds(200));
                return await rig.Bus.AppliedThroughAsync(Stop) >= through;
            },
            () => rig.Log.Text,
            Stop
        );

    public static Task PublishedThroughAsync(RabbitMqBusRig rig, long through) =>
        Wait.UntilAsync(
            async () => await rig.Outbox.PublishedThroughAsync(Stop) >= through,
            () => rig.Log.Text,
            Stop
        );

    public static async Task<IReadOnlyList<DeadLetter>> LettersAsync(RabbitMqBusRig rig, int count)
    {
        IReadOnlyList<DeadLetter> letters = [];
        await Wait.UntilAsync(
            async () =>
            {
                rig.Pass(TimeSpan.FromMilliseconds(200));
                return (letters = await rig.Outbox.DeadLettersAsync(Stop)).Count >= count;
            },
            () => rig.Log.Text,
            Stop
        );
        return letters;
    }

    public static Task PublishAsync(
        RabbitMqBusRig rig,
        string consumer,
        string type,
        string body
    ) =>
        InChannelAsync(
            rig,
            channel =>
                channel
                    .BasicPublishAsync(
                        "",
                        rig.QueueOf(consumer),
                        mandatory: true,
                        new BasicProperties { Type = type },
                        Encoding.UTF8.GetBytes(body),
                        Stop
                    )
                    .AsTask()
        );

    public static async Task InChannelAsync(RabbitMqBusRig rig, Func<IChannel, Task> work)
    {
        var factory = new ConnectionFactory { Uri = new Uri(rig.Uri) };
        await using var connection = await factory.CreateConnectionAsync(Stop);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(true, true),
            Stop
        );
        await work(channel);
    }
}
