using System.Net.WebSockets;
using System.Text;
using Rookery.Api.Mastodon;
using Rookery.Live;
using Xunit;

namespace Rookery.Tests.Mastodon;

public sealed class FrameWriterTests
{
    private static readonly AccountId Ana = new(11);

    private static readonly LivePosition Now = new(new PostId(200), 50);

    [Fact]
    public async Task A_sign_of_life_says_where_a_reader_is_only_when_what_he_missed_was_sent()
    {
        using var sent = new MemoryStream();
        using var socket = WebSocket.CreateFromStream(
            sent,
            new WebSocketCreationOptions { IsServer = true }
        );
        var stream = new LiveStream(Ana, RateKey.OfAccount(Ana), Now, 8, () => { });
        var late = new LiveNothing(Ana) { Names = ["late"], Since = "100-5" };
        stream.Add(late);
        var writer = new FrameWriter(socket, stream);

        writer.Thump(Now);
        await writer.FlushAsync();
        Assert.Equal("", Text());

        late.HasBegun = true;
        writer.Thump(Now);
        await writer.FlushAsync();
        Assert.EndsWith(
            $$"""{"stream":["late"],"event":"at","id":"{{Now}}"}""",
            Text(),
            StringComparison.Ordinal
        );

        string Text() => Encoding.UTF8.GetString(sent.ToArray());
    }
}
