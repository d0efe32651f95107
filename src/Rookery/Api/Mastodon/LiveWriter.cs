using System.Buffers.Text;
using System.Text;
using Rookery.Live;

namespace Rookery.Api.Mastodon;

/// <summary>Spells what a stream tells its reader, one event after the other, each for one of its subscriptions.</summary>
internal abstract class LiveWriter
{
    /// <summary>A number of 64 bits.</summary>
    protected const int LongestNumber = 20;

    /// <summary>Sent at the latest when so much has been gathered.</summary>
    protected const int FlushBytes = 16 * 1024;

    public abstract bool IsFull { get; }

    /// <summary>From here on the reader is told.</summary>
    public abstract void Begin(LiveView view, LivePosition at);

    /// <summary>The reader has been sent everything up to here.</summary>
    public abstract void At(LiveView view, LivePosition at);

    /// <summary>A sign of life, and where the reader stands with all that it is told of.</summary>
    public abstract void Thump(LivePosition at);

    /// <param name="data">On one line.</param>
    public abstract void Event(
        LiveView view,
        LivePosition at,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> data
    );

    /// <summary>Only who can ask for more is refused something.</summary>
    public virtual void Refuse(Problem refusal) { }

    /// <summary>Waits while the reader takes less than there is; a stream that ends meanwhile is cut.</summary>
    public abstract ValueTask FlushAsync();

    public void Update(LiveView view, LivePosition at, ReadOnlySpan<byte> status) =>
        Event(view, at, "update"u8, status);

    public void Delete(LiveView view, LivePosition at, PostId post)
    {
        Span<byte> id = stackalloc byte[LongestNumber];
        Utf8Formatter.TryFormat(post.Value, id, out var length);
        Event(view, at, "delete"u8, id[..length]);
    }

    /// <summary>What lies between the two is not sent, though the reader has missed it.</summary>
    /// <param name="from">Null: nobody knows where it begins.</param>
    /// <param name="at">Where the reader stands when he knows that.</param>
    public void Gap(
        LiveView view,
        LivePosition? from,
        LivePosition to,
        string kind,
        LivePosition at
    )
    {
        var begin = from is { } known ? $"\"{known}\"" : "null";
        Event(
            view,
            at,
            "gap"u8,
            Encoding.UTF8.GetBytes($"{{\"from\":{begin},\"to\":\"{to}\",\"event\":\"{kind}\"}}")
        );
    }
}
