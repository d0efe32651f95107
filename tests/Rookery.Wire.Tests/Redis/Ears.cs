using System.Text;
using System.Threading.Channels;
using Rookery.Wire.Redis;
using Xunit;

namespace Rookery.Wire.Tests.Redis;

/// <summary>Keeps what a subscription was told, in order.</summary>
internal sealed class Ears
{
    private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();

    public void Told(RedisMessage message) =>
        _heard.Writer.TryWrite(
            message.Kind == RedisMessageKind.Message
                ? Encoding.Latin1.GetString(message.Payload.Span)
                : $"<{message.Kind}>"
        );

    public async Task HearsAsync(params string[] expected)
    {
        foreach (var text in expected)
        {
            Assert.Equal(text, await _heard.Reader.ReadAsync(Clients.Stop));
        }
    }

    /// <summary>Until a text is heard; gives what came before.</summary>
    public async Task<List<string>> UntilAsync(string last)
    {
        var before = new List<string>();
        while (await _heard.Reader.ReadAsync(Clients.Stop) is var text && text != last)
        {
            before.Add(text);
        }

        return before;
    }

    public bool HasMore => _heard.Reader.TryPeek(out _);
}
