using Microsoft.Extensions.Logging;

namespace Rookery.Adapters.RabbitMq;

/// <summary>Says that a broker has too little disk or memory, and so reads from nobody who publishes, and when it has enough again.</summary>
internal sealed partial class BrokerAlarm(string where, ILogger logger)
{
    /// <param name="reason">In the broker's words; null where it takes events again.</param>
    public void Tell(string? reason)
    {
        if (reason is null)
        {
            IsOver(logger, where);
        }
        else
        {
            Begins(logger, where, reason);
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Error,
        "RabbitMQ at {Where} (setting RabbitMq:Uri) takes no events now; it says: {Reason}. They wait in the outbox until it has room"
    )]
    private static partial void Begins(ILogger logger, string where, string reason);

    [LoggerMessage(2, LogLevel.Information, "RabbitMQ at {Where} takes events again")]
    private static partial void IsOver(ILogger logger, string where);
}
