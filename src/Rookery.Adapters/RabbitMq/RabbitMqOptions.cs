using System.ComponentModel.DataAnnotations;
using RabbitMQ.Client;

namespace Rookery.Adapters.RabbitMq;

/// <summary>The broker that carries events between processes.</summary>
public sealed class RabbitMqOptions : IValidatableObject
{
    public const string Section = "RabbitMq";

    /// <summary>
    /// Where RabbitMQ is: <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps://</c> for TLS; the nodes of a cluster behind each other with
    /// commas. Empty: events stay in the process.
    /// </summary>
    public string Uri { get; set; } = "";

    /// <summary>
    /// A PEM file with the authorities that may have signed the brokers' certificates. Empty: those that the system trusts. A certificate must carry
    /// the host of <c>RabbitMq:Uri</c>.
    /// </summary>
    public string TlsAuthorities { get; set; } = "";

    /// <summary>How the names of exchanges and queues begin. A database's own name follows, so installations can share a virtual host.</summary>
    [RegularExpression("[a-z0-9_-]{1,64}")]
    public string Prefix { get; set; } = "rookery";

    /// <summary>Events of one message. More cost less; fewer are shared more evenly by processes that consume one queue.</summary>
    [Range(1, 10_000)]
    public int EventsPerMessage { get; set; } = 64;

    /// <summary>Messages that one process holds for each consumer. What was applied is noted, and acknowledged, for up to half as many at once.</summary>
    [Range(1, 1_000)]
    public int Prefetch { get; set; } = 16;

    /// <summary>Bytes of a message. A larger one is a dead letter.</summary>
    [Range(1 << 10, 64 << 20)]
    public int MaxMessageBytes { get; set; } = 4 << 20;

    /// <summary>How often a message may come back from processes that ended over it before it is taken for the reason.</summary>
    [Range(1, 1_000)]
    public int DeliveryLimit { get; set; } = 20;

    /// <summary>Seconds that a publish waits for its confirmation before the connection is taken for dead.</summary>
    [Range(1, 600)]
    public int ConfirmSeconds { get; set; } = 30;

    /// <summary>
    /// Seconds that a message may be held, by a consumer that waits for its store; then it goes back to the queue as a new one. The broker cuts off
    /// whoever holds one for half an hour.
    /// </summary>
    [Range(1, 1_700)]
    public int HoldSeconds { get; set; } = 900;

    /// <summary>Seconds after which events that are in no queue and were not applied are published again.</summary>
    [Range(1, 86_400)]
    public int RepairSeconds { get; set; } = 300;

    /// <summary>The nodes of <see cref="Uri"/>.</summary>
    internal IReadOnlyList<Uri> Nodes =>
        [
            .. Uri.Split(
                    ',',
                    StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
                )
                .Select(node => new Uri(node)),
        ];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Uri.Length > 0 && !IsWellFormed())
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Uri)} must be like amqp://user:password@host:5672/vhost, or amqps://…; nodes of a cluster behind each other with commas."
            );
        }
        else if (TlsAuthorities.Length > 0 && Nodes.All(node => node.Scheme != "amqps"))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(TlsAuthorities)} is for amqps://, and {Section}:{nameof(Uri)} names none."
            );
        }

        if (TrustedAuthorities.WrongIn(TlsAuthorities) is { } wrong)
        {
            yield return new ValidationResult($"{Section}:{nameof(TlsAuthorities)}: {wrong}.");
        }
    }

    private bool IsWellFormed()
    {
        try
        {
            return Nodes.Select(Factory).All(node => node.HostName.Length > 0) && Nodes.Count > 0;
        }
        catch (Exception fault) when (fault is UriFormatException or ArgumentException)
        {
            return false;
        }
    }

    private static ConnectionFactory Factory(Uri node) => new() { Uri = node };
}
