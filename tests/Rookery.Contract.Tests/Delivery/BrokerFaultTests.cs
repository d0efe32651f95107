using Rookery.Adapters.RabbitMq;
using Xunit;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>What an operator reads when the broker cannot be used.</summary>
public sealed class BrokerFaultTests
{
    [Fact]
    public async Task Each_node_has_its_own_reason()
    {
        var why = await WhyAsync("amqp://127.0.0.1:1,amqp://no-such-host.invalid:2");
        Assert.Contains("; ", why, StringComparison.Ordinal);
        Assert.Contains("refused", why, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_broker_without_TLS_is_not_said_to_have_a_wrong_certificate()
    {
        var plain = await RabbitMqBusRig.SharedAsync();
        var why = await WhyAsync(plain.Replace("amqp://", "amqps://", StringComparison.Ordinal));
        Assert.DoesNotContain("certificate", why, StringComparison.Ordinal);
        Assert.Contains("does it have TLS at this port?", why, StringComparison.Ordinal);
    }

    private static async Task<string> WhyAsync(string uri)
    {
        var options = new RabbitMqOptions { Uri = uri };
        var fault = await Assert.ThrowsAnyAsync<Exception>(() =>
            BrokerSession.OpenAsync(options, _ => { }, TestContext.Current.CancellationToken)
        );
        return BrokerFault.Explain(fault);
    }
}
