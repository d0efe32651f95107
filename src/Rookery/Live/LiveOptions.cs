using System.ComponentModel.DataAnnotations;

namespace Rookery.Live;

/// <summary>How many streams a process holds open, and what each of them may cost.</summary>
public sealed class LiveOptions
{
    public const string Section = "Live";

    /// <summary>Streams that a process holds open, WebSockets among them; who comes then is told to come back. Each is a connection, some kilobytes, and up to 512 kB where its reader is slow.</summary>
    [Range(0, 1_000_000)]
    public int MostStreams { get; set; } = 10_000;

    /// <summary>Streams that one account, or one address without a token, holds open on a process: a tab or a program each.</summary>
    [Range(1, 100_000)]
    public int StreamsPerCaller { get; set; } = 32;

    /// <summary>Lists that one WebSocket tells of at the same time. Each is asked of every post that any of them may have.</summary>
    [Range(1, 1_000)]
    public int SubscriptionsPerStream { get; set; } = 100;

    /// <summary>Events that wait for a slow reader beyond what the connection takes. One more ends the stream: its reader comes back and is sent what it missed.</summary>
    [Range(1, 10_000)]
    public int WaitingEvents { get; set; } = 256;

    /// <summary>Seconds between two signs of life on a quiet stream, twice as many on a WebSocket: less than what proxies on the way wait for.</summary>
    [Range(1, 60)]
    public int HeartbeatSeconds { get; set; } = 15;

    /// <summary>Posts that who comes back is sent at most, the newest, and as many notifications; of those before them it is told that there are some.</summary>
    [Range(1, 10_000)]
    public int ReplayedPosts { get; set; } = 1_000;

    /// <summary>Hours for which what was missed is sent; of what is older it is told that there may be some.</summary>
    [Range(1, 168)]
    public int ReplayedHours { get; set; } = 24;

    /// <summary>Readers who are sent what they missed at the same time; others wait for them.</summary>
    [Range(1, 1_000)]
    public int ReplaysAtOnce { get; set; } = 16;
}
