using RabbitMQ.Client;

namespace Rookery.Adapters.RabbitMq;

/// <summary>
/// Publishes several messages and completes when the broker has confirmed all of them. A broker that blocks its publishers is waited for; one that
/// confirms nothing is taken for dead.
/// </summary>
internal sealed class StretchPublisher(QueueNames names, RabbitMqOptions options)
{
    private static readonly BasicProperties Properties = new()
    {
        Type = StretchMessage.Type,
        ContentType = "application/json",
        Persistent = true,
    };

    /// <summary>To every consumer.</summary>
    public Task ToAllAsync(
        BrokerSession session,
        IEnumerable<StretchMessage> messages,
        CancellationToken token
    ) => PublishAsync(session, names.Events, "", messages, token);

    public Task ToQueueAsync(
        BrokerSession session,
        string queue,
        IEnumerable<StretchMessage> messages,
        CancellationToken token
    ) => PublishAsync(session, "", queue, messages, token);

    private async Task PublishAsync(
        BrokerSession session,
        string exchange,
        string key,
        IEnumerable<StretchMessage> messages,
        CancellationToken token
    )
    {
        var confirms = messages
            .SelectMany(message => message.WriteWithin(options.MaxMessageBytes))
            .Select(body =>
                session
                    .Publisher.BasicPublishAsync(
                        exchange,
                        key,
                        mandatory: true,
                        Properties,
                        body,
                        token
                    )
                    .AsTask()
            )
            .ToArray();
        await ConfirmedAsync(session, Task.WhenAll(confirms), token);
    }

    private async Task ConfirmedAsync(BrokerSession session, Task confirms, CancellationToken token)
    {
        var patience = TimeSpan.FromSeconds(options.ConfirmSeconds);
        while (true)
        {
            try
            {
                var first = await Task.WhenAny(confirms, session.Ended).WaitAsync(patience, token);
                await first;
                if (first != confirms)
                {
                    throw new BrokerSessionEndedException(await session.Ended);
                }

                return;
            }
            catch (TimeoutException) when (session.Blocked is not null)
            {
                // It will say when it has room.
            }
            catch (TimeoutException)
            {
                session.End($"It confirmed nothing for {options.ConfirmSeconds} s");
                throw;
            }
        }
    }
}
