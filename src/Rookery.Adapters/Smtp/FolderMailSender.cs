using System.Globalization;
using System.Net.Mail;
using Microsoft.Extensions.Options;
using Rookery.Mail;

namespace Rookery.Adapters.Smtp;

/// <summary>
/// Where no server takes mails, each is a file that only its owner may read: somebody who tries the server out finds the link to confirm an address there. The newest are kept.
/// </summary>
internal sealed class FolderMailSender(MailFolder folder, IOptions<MailOptions> options)
    : IMailSender
{
    /// <summary>Nobody gets them, and nobody looks into so many.</summary>
    public const int MostKept = 1_000;

    private const UnixFileMode OwnersFolder =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public async Task<MailOutcome> SendAsync(OutgoingMail mail, CancellationToken token)
    {
        using var message = MailForm.Of(mail, options.Value.Sender);
        if (message is null)
        {
            return new MailOutcome(MailFate.Refused, "The address is none.");
        }

        try
        {
            await WriteAsync(mail, message, token);
            return new MailOutcome(MailFate.Sent);
        }
        catch (Exception fault)
            when (fault is IOException or UnauthorizedAccessException or SmtpException)
        {
            return new MailOutcome(
                MailFate.Unreachable,
                $"{folder.Path} cannot be written: {fault.Message}"
            );
        }
    }

    /// <summary>In a folder of its own at first: under its name it is whole, and one that is sent again takes its own place.</summary>
    private async Task WriteAsync(OutgoingMail mail, MailMessage message, CancellationToken token)
    {
        Directory.CreateDirectory(folder.Path, OwnersFolder);
        var draft = Path.Combine(folder.Path, $".{Path.GetRandomFileName()}");
        Directory.CreateDirectory(draft, OwnersFolder);
        try
        {
            using var client = new SmtpClient
            {
                DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory,
                PickupDirectoryLocation = draft,
                DeliveryFormat = SmtpDeliveryFormat.International,
            };
            await client.SendMailAsync(message, token);
            var file = Directory.EnumerateFiles(draft).Single();
            File.SetUnixFileMode(file, OwnersFile);
            await FlushAsync(file, token);
            File.Move(file, Path.Combine(folder.Path, NameOf(mail)), overwrite: true);
            FolderFlush.Run(folder.Path);
        }
        finally
        {
            Directory.Delete(draft, recursive: true);
        }

        RemoveOldest();
    }

    /// <summary>Names are in the order of their mails.</summary>
    private static string NameOf(OutgoingMail mail)
    {
        var moment = mail.QueuedAt.UtcDateTime.ToString(
            "yyyyMMdd'T'HHmmss'Z'",
            CultureInfo.InvariantCulture
        );
        var id = mail.MessageId.Split('@')[0];
        return $"{moment}-{string.Concat(id.Where(char.IsAsciiLetterOrDigit).Take(40))}.eml";
    }

    private static async Task FlushAsync(string path, CancellationToken token)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        await file.FlushAsync(token);
        file.Flush(flushToDisk: true);
    }

    private void RemoveOldest()
    {
        var files = Directory.GetFiles(folder.Path, "*.eml");
        if (files.Length <= MostKept)
        {
            return;
        }

        foreach (var file in files.Order(StringComparer.Ordinal).SkipLast(MostKept))
        {
            File.Delete(file);
        }
    }
}
