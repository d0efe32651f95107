using Microsoft.Extensions.Options;
using Rookery.Adapters.Smtp;
using Rookery.Mail;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Mail;

public sealed class FolderMailSenderTests : MailSenderContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private protected override IMailSender Sender =>
        new FolderMailSender(
            new MailFolder(Folder),
            Options.Create(new MailOptions { From = From })
        );

    private string Folder => Path.Combine(_folder.Path, "mail");

    [Fact]
    public async Task Each_mail_is_one_file_that_only_its_owner_may_read()
    {
        await Sender.SendAsync(Mail(), Stop);
        await Sender.SendAsync(Mail(), Stop);
        await Sender.SendAsync(Mail() with { MessageId = "two@rookery.example" }, Stop);

        Assert.Equal(
            ["20260102T030405Z-one.eml", "20260102T030405Z-two.eml"],
            Directory.EnumerateFileSystemEntries(Folder).Select(Path.GetFileName).Order()
        );
        Assert.All(
            Directory.EnumerateFiles(Folder),
            file =>
                Assert.Equal(
                    UnixFileMode.UserRead | UnixFileMode.UserWrite,
                    File.GetUnixFileMode(file)
                )
        );
    }

    [Theory]
    [InlineData("../../evil@rookery.example")]
    [InlineData("/etc/evil@rookery.example")]
    [InlineData("a\0b@rookery.example")]
    public async Task No_file_is_anywhere_else(string id)
    {
        await Sender.SendAsync(Mail() with { MessageId = id }, Stop);

        Assert.Single(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
        Assert.Single(Directory.EnumerateFiles(Folder, "*.eml"));
    }

    [Fact]
    public async Task The_newest_are_kept()
    {
        Directory.CreateDirectory(Folder);
        for (var i = 0; i < FolderMailSender.MostKept; i++)
        {
            await File.WriteAllTextAsync(
                Path.Combine(Folder, $"20250101T000000Z-{i:D6}.eml"),
                "",
                Stop
            );
        }

        await Sender.SendAsync(Mail(), Stop);

        var kept = Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order().ToList();
        Assert.Equal(FolderMailSender.MostKept, kept.Count);
        Assert.Equal("20250101T000000Z-000001.eml", kept[0]);
        Assert.Equal("20260102T030405Z-one.eml", kept[^1]);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_said()
    {
        await File.WriteAllTextAsync(Folder, "no folder", Stop);

        var outcome = await Sender.SendAsync(Mail(), Stop);

        Assert.Equal(MailFate.Unreachable, outcome.Fate);
        Assert.Contains(Folder, outcome.Reason, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private protected override Task<IReadOnlyList<ReceivedMail>> InboxAsync() =>
        Task.FromResult<IReadOnlyList<ReceivedMail>>(
            Directory.Exists(Folder)
                ?
                [
                    .. Directory
                        .EnumerateFiles(Folder, "*.eml")
                        .Order(StringComparer.Ordinal)
                        .Select(file => ReceivedMail.Parse(File.ReadAllBytes(file))),
                ]
                : []
        );
}
