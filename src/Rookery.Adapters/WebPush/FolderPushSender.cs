using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Rookery.Notifications.Push;

namespace Rookery.Adapters.WebPush;

/// <summary>
/// For trying out: each push is a file that only its owner may read, the request as it would be posted. One that is sent again takes its own place, as at a service. The newest are kept.
/// </summary>
internal sealed class FolderPushSender(IOptions<PushOptions> options) : IPushSender
{
    /// <summary>Nobody looks into so many.</summary>
    public const int MostKept = 1_000;

    private const UnixFileMode OwnersFolder =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string Folder => options.Value.Folder;

    public async Task<PushOutcome> SendAsync(OutgoingPush push, CancellationToken token)
    {
        try
        {
            await WriteAsync(push, token);
            return new PushOutcome(PushFate.Sent);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new PushOutcome(PushFate.PutOff, $"{Folder} cannot be written: {fault.Message}");
        }
    }

    /// <summary>Under another name at first: under its own it is whole.</summary>
    private async Task WriteAsync(OutgoingPush push, CancellationToken token)
    {
        Directory.CreateDirectory(Folder, OwnersFolder);
        var draft = Path.Combine(Folder, $".{Path.GetRandomFileName()}");
        var form = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnersFile,
        };
        await using (var file = new FileStream(draft, form))
        {
            await file.WriteAsync(Encoding.ASCII.GetBytes(HeadOf(push)), token);
            await file.WriteAsync(push.Body, token);
            await file.FlushAsync(token);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, Path.Combine(Folder, $"{NameOf(push)}.http"), overwrite: true);
        FolderFlush.Run(Folder);
        RemoveOldest();
    }

    private static string HeadOf(OutgoingPush push)
    {
        var head = new StringBuilder()
            .Append(
                CultureInfo.InvariantCulture,
                $"POST {push.Endpoint.PathAndQuery} HTTP/1.1\r\nHost: {push.Endpoint.Authority}\r\n"
            )
            .Append(
                CultureInfo.InvariantCulture,
                $"TTL: {(long)push.Lasts.TotalSeconds}\r\nUrgency: normal\r\nTopic: {push.Topic}\r\n"
            )
            .Append(
                CultureInfo.InvariantCulture,
                $"Content-Type: application/octet-stream\r\nContent-Encoding: {push.ContentEncoding}\r\nContent-Length: {push.Body.Length}\r\n"
            );
        foreach (var (name, value) in push.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return head.Append("\r\n").ToString();
    }

    /// <summary>Topics are of letters that names of files may have.</summary>
    private static string NameOf(OutgoingPush push) =>
        string.Concat(
            push.Topic.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
        );

    private void RemoveOldest()
    {
        var files = new DirectoryInfo(Folder).GetFiles("*.http");
        if (files.Length <= MostKept)
        {
            return;
        }

        foreach (var file in files.OrderBy(file => file.LastWriteTimeUtc).SkipLast(MostKept))
        {
            file.Delete();
        }
    }
}
