using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Rookery.Mail;

namespace Rookery.Adapters.Smtp;

/// <summary>
/// A mail in the form that goes over the wire: plain text, with the same as HTML beside it. What becomes a header is one line by then, whatever it was.
/// </summary>
internal static class MailForm
{
    /// <summary>A line of a mail has 998 characters at most; what is longer is encoded.</summary>
    private const int LongestLine = 900;

    private const int LongestName = 100;
    private const int LongestSubject = 200;

    /// <summary>Null where the address is none that a mail can be sent to.</summary>
    public static MailMessage? Of(OutgoingMail mail, MailAddress from)
    {
        if (
            mail.Address.Any(char.IsControl)
            || !MailAddress.TryCreate(
                mail.Address,
                OneLine(mail.Name, LongestName),
                Encoding.UTF8,
                out var to
            )
        )
        {
            return null;
        }

        var message = new MailMessage
        {
            From = from,
            HeadersEncoding = Encoding.UTF8,
            SubjectEncoding = Encoding.UTF8,
            Subject = OneLine(mail.Subject, LongestSubject),
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = EncodingOf(mail.Text),
            Body = mail.Text,
        };
        message.To.Add(to);
        message.AlternateViews.Add(
            new AlternateView(
                new MemoryStream(Encoding.UTF8.GetBytes(mail.Html)),
                new ContentType(MediaTypeNames.Text.Html) { CharSet = "utf-8" }
            )
            {
                TransferEncoding = EncodingOf(mail.Html),
            }
        );
        AddHeaders(message, mail);
        return message;
    }

    private static void AddHeaders(MailMessage message, OutgoingMail mail)
    {
        var headers = message.Headers;
        headers.Add("Message-ID", $"<{OneLine(mail.MessageId, LongestSubject)}>");
        // No answering machine answers it.
        headers.Add("Auto-Submitted", "auto-generated");
        if (OneLine(mail.Language, LongestName) is { Length: > 0 } language)
        {
            headers.Add("Content-Language", language);
        }

        if (mail.UnsubscribeUrl is { } leave)
        {
            headers.Add("List-Unsubscribe", $"<{new Uri(leave).AbsoluteUri}>");
            headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
    }

    /// <summary>As it is where it can be: who looks into the file finds whole links in it.</summary>
    private static TransferEncoding EncodingOf(string text) =>
        Ascii.IsValid(text) && text.Split("\r\n").All(IsPlain)
            ? TransferEncoding.SevenBit
            : TransferEncoding.Base64;

    private static bool IsPlain(string line) =>
        line.Length <= LongestLine && !line.StartsWith('.') && !line.Any(char.IsControl);

    /// <summary>Without anything that ends a line or is not shown, that ends a quoted name or begins an encoded word; and cut between letters.</summary>
    private static string OneLine(string text, int most)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > most)
            {
                break;
            }

            line.Append(
                Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 ? " "
                : rune.Value is '"' or '\\' ? "'"
                : rune.ToString()
            );
        }

        return line.ToString().Replace("=?", "= ?", StringComparison.Ordinal).Trim();
    }
}
