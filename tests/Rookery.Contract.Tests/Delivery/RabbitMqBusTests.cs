namespace Rookery.Contract.Tests.Delivery;

public sealed class RabbitMqBusTests : EventBusContract
{
    protected override EventBusRig Open() => new RabbitMqBusRig(RabbitMqBusRig.SharedAsync);
}
