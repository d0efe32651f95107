using System.Net.Sockets;
using RabbitMQ.Client.Exceptions;

namespace Rookery.Adapters.RabbitMq;

/// <summary>What a broker that is down, elsewhere or full does to its client: waited for, never a fault of ours.</summary>
internal static class BrokerFault
{
    public static bool Is(Exception fault) =>
        fault
            is RabbitMQClientException
                or SocketException
                or IOException
                or TimeoutException
                or OperationCanceledException
                or ObjectDisposedException
                or BrokerSessionEndedException;

    /// <summary>The reason behind the client's layers, in one line.</summary>
    public static string Explain(Exception fault) =>
        fault is BrokerUnreachableException { InnerException: { } inner } ? Explain(inner)
        : fault is AggregateException { InnerExceptions: [var first, ..] } ? Explain(first)
        : fault is ConnectFailureException { InnerException: { } refused } ? Explain(refused)
        : fault.Message.ReplaceLineEndings(" ");
}

/// <summary>The connection that was used is no more.</summary>
internal sealed class BrokerSessionEndedException(string why) : Exception(why);
