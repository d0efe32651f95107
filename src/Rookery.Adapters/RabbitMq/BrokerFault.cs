using System.Net.Sockets;
using System.Security.Authentication;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Rookery.Adapters.RabbitMq;

/// <summary>What a broker that is down, elsewhere or full does to its client: waited for, never a fault of ours.</summary>
internal static class BrokerFault
{
    public static bool Is(Exception fault) =>
        fault
            is RabbitMQClientException
                or SocketException
                or AuthenticationException
                or IOException
                or TimeoutException
                or OperationCanceledException
                or ObjectDisposedException
                or BrokerSessionEndedException
                or SilentQueueException;

    /// <summary>A node is there and does not let this process in as it is set up: waiting alone mends nothing.</summary>
    public static bool IsRefusal(Exception fault) =>
        fault switch
        {
            AuthenticationException or AuthenticationFailureException => true,
            OperationInterruptedException { ShutdownReason: { } reason } => reason.ReplyCode
                is Constants.AccessRefused
                    or Constants.NotAllowed,
            AggregateException nodes => nodes.InnerExceptions.Any(IsRefusal),
            { InnerException: { } inner } => IsRefusal(inner),
            _ => false,
        };

    /// <summary>The reasons behind the client's layers, of each node its own, in one line.</summary>
    public static string Explain(Exception fault) =>
        fault switch
        {
            BrokerUnreachableException { InnerException: { } inner } => Explain(inner),
            AggregateException nodes => string.Join(
                "; ",
                nodes.InnerExceptions.Select(Explain).Distinct(StringComparer.Ordinal)
            ),
            ConnectFailureException { InnerException: { } refused } => Explain(refused),
            OperationInterruptedException { ShutdownReason: { } reason } => Line(reason.ReplyText),
            OperationCanceledException => "It does not answer",
            AuthenticationException when IsAboutCertificate(fault) =>
                $"its certificate is not trusted, or carries another name (RabbitMq:TlsAuthorities names who may have signed it): {Line(fault.Message)}",
            AuthenticationException =>
                $"TLS cannot be agreed on; does it have TLS at this port? {Line(fault.Message)}",
            _ => Line(fault.Message),
        };

    /// <summary>The framework tells a certificate that was refused from a server that speaks no TLS by its words alone.</summary>
    private static bool IsAboutCertificate(Exception fault) =>
        fault.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase);

    private static string Line(string text) => text.ReplaceLineEndings(" ").TrimEnd('.');
}

/// <summary>The connection that was used is no more.</summary>
internal sealed class BrokerSessionEndedException(string why) : Exception(why);

/// <summary>A queue is there and does not answer.</summary>
internal sealed class SilentQueueException(string consumer)
    : Exception($"A queue of {consumer} does not answer")
{
    public string Consumer => consumer;
}
