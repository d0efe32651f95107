using System.Globalization;
using System.Text;
using Rookery.Adapters.WebPush;
using Rookery.Notifications.Push;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Notifications.Push;

/// <summary>What everything that hands pushes on promises.</summary>
public abstract class PushSenderContract : IAsyncLifetime
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract IPushSender Sender { get; }

    /// <summary>Without a path.</summary>
    private protected abstract string Origin { get; }

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task A_push_arrives_as_it_was_sent()
    {
        var push = Push() with
        {
            Headers =
            [
                new("Authorization", "vapid t=a.b.c, k=d"),
                new("Crypto-Key", "dh=e;p256ecdsa=f"),
                new("Encryption", "salt=g"),
            ],
        };
        Assert.Equal(PushFate.Sent, (await Sender.SendAsync(push, Stop)).Fate);

        var got = Assert.Single(await ReceivedAsync());
        Assert.Equal("/push/one?device=2", got.Path);
        Assert.Equal("POST", got.Header("Method"));
        Assert.Equal("172800", got.Header("TTL"));
        Assert.Equal("normal", got.Header("Urgency"));
        Assert.Equal("topic-of_one", got.Header("Topic"));
        Assert.Equal("aes128gcm", got.Header("Content-Encoding"));
        Assert.Equal("application/octet-stream", got.Header("Content-Type"));
        Assert.Equal("vapid t=a.b.c, k=d", got.Header("Authorization"));
        Assert.Equal("dh=e;p256ecdsa=f", got.Header("Crypto-Key"));
        Assert.Equal("salt=g", got.Header("Encryption"));
        Assert.Equal(push.Body.ToArray(), got.Body);
    }

    [Fact]
    public async Task Where_nothing_is_taken_that_is_said_and_nothing_thrown()
    {
        await BreakAsync();
        var outcome = await Sender.SendAsync(Push(), Stop);
        Assert.Equal(PushFate.PutOff, outcome.Fate);
        Assert.NotEmpty(outcome.Reason);
    }

    private protected abstract Task<IReadOnlyList<PushReceived>> ReceivedAsync();

    /// <summary>From now on it takes nothing.</summary>
    private protected abstract Task BreakAsync();

    private protected OutgoingPush Push(string path = "/push/one?device=2") =>
        new(
            new Uri(Origin + path),
            "topic-of_one",
            TimeSpan.FromHours(48),
            "aes128gcm",
            [],
            // All that a byte can be.
            Enumerable.Range(0, 256).Select(value => (byte)value).ToArray()
        );
}

public sealed class FolderPushSenderTests : PushSenderContract
{
    private readonly TemporaryFolder _folder = new();

    private protected override IPushSender Sender =>
        new FolderPushSender(
            Microsoft.Extensions.Options.Options.Create(new PushOptions { Folder = Folder })
        );

    private protected override string Origin => "https://push.example";

    private string Folder => Path.Combine(_folder.Path, "pushes");

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_is_sent_again_takes_its_own_place_in_a_file_that_only_its_owner_reads()
    {
        await Sender.SendAsync(Push(), Stop);
        await Sender.SendAsync(Push(), Stop);
        await Sender.SendAsync(Push() with { Topic = "../../other" }, Stop);
        Assert.Equal(
            ["other.http", "topic-of_one.http"],
            Directory
                .EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
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

    private protected override Task<IReadOnlyList<PushReceived>> ReceivedAsync() =>
        Task.FromResult<IReadOnlyList<PushReceived>>([
            .. Directory.EnumerateFiles(Folder, "*.http").Select(Parse),
        ]);

    private protected override async Task BreakAsync() =>
        await File.WriteAllTextAsync(Folder, "no folder", Stop);

    private static PushReceived Parse(string file)
    {
        var all = File.ReadAllBytes(file);
        var end = all.AsSpan().IndexOf("\r\n\r\n"u8);
        var lines = Encoding.ASCII.GetString(all, 0, end).Split("\r\n");
        var first = lines[0].Split(' ');
        var headers = lines[1..]
            .Select(line => line.Split(": ", 2))
            .Append(["Method", first[0]])
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        Assert.Equal(
            all.Length - end - 4,
            int.Parse(headers["Content-Length"], CultureInfo.InvariantCulture)
        );
        return new PushReceived(first[1], headers, all[(end + 4)..]);
    }
}
