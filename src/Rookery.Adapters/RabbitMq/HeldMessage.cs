using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Rookery.Adapters.RabbitMq;

/// <summary>A message that was delivered and is not acknowledged yet.</summary>
internal sealed record HeldMessage(
    BrokerSession Session,
    IChannel Channel,
    long Queue,
    BasicDeliverEventArgs Delivery
)
{
    public CancellationToken Stop => Session.Stop;

    public string? Type => Delivery.BasicProperties.Type;

    public ReadOnlyMemory<byte> Body => Delivery.Body;

    /// <summary>How often it came back to this queue.</summary>
    public long Returned =>
        Delivery.BasicProperties.Headers?.TryGetValue("x-delivery-count", out var count) is true
            ? Convert.ToInt64(count, System.Globalization.CultureInfo.InvariantCulture)
            : 0;

    /// <summary>Null where this version cannot read it.</summary>
    public StretchMessage? Read(int most) =>
        Body.Length > most ? null : StretchMessage.Read(Type, Body);

    public ValueTask AcknowledgeAsync() =>
        Channel.BasicAckAsync(Delivery.DeliveryTag, multiple: false, Stop);

    /// <summary>The broker sets it aside.</summary>
    public ValueTask RefuseAsync() =>
        Channel.BasicRejectAsync(Delivery.DeliveryTag, requeue: false, Stop);
}
