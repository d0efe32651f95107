using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using Rookery.Live;

namespace Rookery.Api.Mastodon;

/// <summary>Spells Server-Sent Events into a response.</summary>
internal sealed class EventWriter(PipeWriter pipe, LiveStream stream) : LiveWriter
{
    /// <summary>Between so many milliseconds and as many more its reader comes back after the end: not all at once, when all streams end.</summary>
    private const int Retry = 1_000;

    public override bool IsFull => pipe.UnflushedBytes >= FlushBytes;

    public override void Begin(LiveView view, LivePosition at)
    {
        At(view, at);
        Raw("retry: "u8);
        Number(Retry + (stream.Number * 37 % Retry));
        Raw("\n"u8);
    }

    public override void At(LiveView view, LivePosition at) => At(at);

    public override void Event(
        LiveView view,
        LivePosition at,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> data
    )
    {
        Raw("id: "u8);
        Position(at);
        Raw("\nevent: "u8);
        Raw(name);
        Raw("\ndata: "u8);
        Raw(data);
        Raw("\n\n"u8);
    }

    /// <summary>Comments, which change nothing for who does not know them.</summary>
    public override void Thump(LivePosition at)
    {
        Raw(":thump\n"u8);
        At(at);
    }

    public void End(LiveEnd why) =>
        Raw(
            why switch
            {
                LiveEnd.Slow => ":end slow\n"u8,
                LiveEnd.Stopping => ":end stopping\n"u8,
                LiveEnd.Token => ":end token\n"u8,
                LiveEnd.Lost => ":end lost\n"u8,
                _ => ":end unavailable\n"u8,
            }
        );

    public override async ValueTask FlushAsync()
    {
        if (pipe.UnflushedBytes == 0)
        {
            return;
        }

        stream.BeginSending();
        await pipe.FlushAsync(CancellationToken.None);
        stream.EndSending();
    }

    private void At(LivePosition at)
    {
        Raw(":at "u8);
        Position(at);
        Raw("\n"u8);
    }

    private void Position(LivePosition at)
    {
        Number(at.Post.Value);
        Raw("-"u8);
        Number(at.Sequence);
        if (at.Notification.Value != 0)
        {
            Raw("-"u8);
            Number(at.Notification.Value);
        }
    }

    private void Number(long number)
    {
        Utf8Formatter.TryFormat(number, pipe.GetSpan(LongestNumber), out var length);
        pipe.Advance(length);
    }

    private void Raw(ReadOnlySpan<byte> bytes) => pipe.Write(bytes);
}
