using System.Text;
using Rookery.Api.Mastodon;
using Xunit;

namespace Rookery.Tests.Mastodon;

public sealed class SocketMessageTests
{
    [Theory]
    [InlineData("""{"type":"subscribe","stream":"user"}""", true, "user", null, null)]
    [InlineData(
        """ {"stream":"hashtag","tag":"Bird\u0073","type":"unsubscribe"} """,
        false,
        "hashtag",
        "Birds",
        null
    )]
    [InlineData(
        """{"type":"subscribe","stream":["user"],"a":{"b":[1]}}""",
        true,
        "user",
        null,
        null
    )]
    [InlineData(
        """{"type":"subscribe","stream":"user","tag":null,"last_event_id":""}""",
        true,
        "user",
        null,
        ""
    )]
    [InlineData("""{"type":"subscribe","stream":7,"tag":true}""", true, "7", "true", null)]
    public void What_it_says_is_read(
        string text,
        bool subscribes,
        string stream,
        string? tag,
        string? since
    ) =>
        Assert.Equal(
            new SocketMessage(subscribes, stream, tag, since),
            SocketMessage.Parse(Encoding.UTF8.GetBytes(text)).Value
        );

    /// <summary>Messages with a few bytes changed, taken away or doubled: each is read or refused.</summary>
    [Fact]
    public void Whatever_it_is_made_of_it_is_read_or_refused()
    {
        var random = new Random(7);
        var good =
            """{"type":"subscribe","stream":"hashtag","tag":"Bird\u0073","last_event_id":"5-5"}"""u8;
        var (read, refused) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var message = good.ToArray().ToList();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                var at = random.Next(message.Count);
                switch (random.Next(3))
                {
                    case 0:
                        message[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        message.RemoveAt(at);
                        break;
                    default:
                        message.Insert(at, message[random.Next(message.Count)]);
                        break;
                }
            }

            if (SocketMessage.Parse([.. message]).Succeeded)
            {
                read++;
            }
            else
            {
                refused++;
            }
        }

        Assert.InRange(read, 100, 20_000);
        Assert.InRange(refused, 100, 20_000);
    }
}
