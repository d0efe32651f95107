using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using Rookery.Live;

namespace Rookery.Api.Mastodon;

/// <summary>Spells Server-Sent Events into a response.</summary>
internal sealed class EventWriter(PipeWriter pipe, LiveStream stream)
{
    /// <summary>Sent at the latest when so much has been gathered.</summary>
    private const int FlushBytes = 16 * 1024;

    /// <summary>Two numbers, a hyphen, and what stands around them.</summary>
    private const int LongestId = 64;

    public bool IsFull => pipe.UnflushedBytes >= FlushBytes;

    /// <summary>Where the reader stands, and when to come back after the end: not all at once, when all streams end.</summary>
    public void Open(LivePosition at, int retryMilliseconds)
    {
        At(at);
        Raw("retry: "u8);
        Number(retryMilliseconds);
        Raw("\n"u8);
    }

    /// <summary>Where the reader stands, though nothing was sent.</summary>
    public void At(LivePosition at)
    {
        Raw(":at "u8);
        Position(at);
        Raw("\n"u8);
    }

    public void Update(LivePosition at, ReadOnlySpan<byte> status)
    {
        Id(at);
        Raw("event: update\ndata: "u8);
        Raw(status);
        Raw("\n\n"u8);
    }

    public void Delete(LivePosition at, PostId post)
    {
        Id(at);
        Raw("event: delete\ndata: "u8);
        Number(post.Value);
        Raw("\n\n"u8);
    }

    /// <summary>What lies between the two is not sent, though the reader has missed it.</summary>
    /// <param name="from">Null: nobody knows where it begins.</param>
    /// <param name="at">Where the reader stands when he knows that.</param>
    public void Gap(LivePosition? from, LivePosition to, string kind, LivePosition at)
    {
        Id(at);
        var begin = from is { } known ? $"\"{known}\"" : "null";
        Raw(
            Encoding.UTF8.GetBytes(
                $"event: gap\ndata: {{\"from\":{begin},\"to\":\"{to}\",\"event\":\"{kind}\"}}\n\n"
            )
        );
    }

    /// <summary>A sign of life, and where the reader stands: comments, which change nothing for who does not know them.</summary>
    public void Thump(LivePosition at)
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

    /// <summary>Waits while the reader takes less than there is; a stream that ends meanwhile is cut.</summary>
    public async ValueTask FlushAsync()
    {
        if (pipe.UnflushedBytes == 0)
        {
            return;
        }

        stream.BeginSending();
        await pipe.FlushAsync(CancellationToken.None);
        stream.EndSending();
    }

    private void Id(LivePosition at)
    {
        Raw("id: "u8);
        Position(at);
        Raw("\n"u8);
    }

    private void Position(LivePosition at)
    {
        Number(at.Post.Value);
        Raw("-"u8);
        Number(at.Sequence);
    }

    private void Number(long number)
    {
        Utf8Formatter.TryFormat(number, pipe.GetSpan(LongestId), out var length);
        pipe.Advance(length);
    }

    private void Raw(ReadOnlySpan<byte> bytes) => pipe.Write(bytes);
}
