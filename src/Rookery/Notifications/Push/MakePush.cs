using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Rookery.Mail;

namespace Rookery.Notifications.Push;

/// <summary>Makes of a text what goes to the push service: encrypted for the receiver, and signed for the service.</summary>
internal sealed class MakePush(
    VapidKeys keys,
    IMails mails,
    IOptions<PushOptions> options,
    IOptions<MailOptions> mailOptions,
    TimeProvider time
)
{
    private const int TopicBytes = 16;

    /// <param name="name">What it tells of: whoever makes it again names it so again.</param>
    public async ValueTask<OutgoingPush> HandleAsync(
        PushSubscription to,
        string name,
        byte[] text,
        CancellationToken token
    )
    {
        var vapid = await keys.GetAsync(token);
        var endpoint = new Uri(to.Receiver.Endpoint);
        var encrypted = EncryptPush.Run(text, to.Receiver);
        return new OutgoingPush(
            endpoint,
            TopicOf(to.Receiver, name),
            options.Value.Lasts,
            encrypted.ContentEncoding,
            [
                .. to.Receiver.IsStandard
                    ? encrypted.Headers
                    : encrypted.Headers.Select(header => WithKey(header, vapid)),
                new("Authorization", AuthorizationOf(to.Receiver, vapid, endpoint)),
            ],
            encrypted.Body
        );
    }

    /// <summary>The service learns from it that two are the same, and nothing else.</summary>
    private static string TopicOf(PushReceiver to, string name) =>
        Base64Url.EncodeToString(
            HMACSHA256.HashData(to.Auth.Span, Encoding.UTF8.GetBytes(name)).AsSpan(0, TopicBytes)
        );

    private string AuthorizationOf(PushReceiver to, Vapid vapid, Uri endpoint)
    {
        var signed = vapid.TokenFor(endpoint, Contact, time.GetUtcNow());
        return to.IsStandard ? $"vapid t={signed}, k={vapid.PublicKey}" : $"WebPush {signed}";
    }

    /// <summary>The draft has the server's key beside that of the push.</summary>
    private static KeyValuePair<string, string> WithKey(
        KeyValuePair<string, string> header,
        Vapid vapid
    ) =>
        header.Key == "Crypto-Key"
            ? new(header.Key, $"{header.Value};p256ecdsa={vapid.PublicKey}")
            : header;

    private string Contact =>
        options.Value.Contact.Length > 0 ? options.Value.Contact
        : mailOptions.Value.From.Length > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"mailto:{mailOptions.Value.Sender.Address}"
            )
        : mails.LinkTo("/") is var site && site.StartsWith("https:", StringComparison.Ordinal)
            ? site
        : "";
}
