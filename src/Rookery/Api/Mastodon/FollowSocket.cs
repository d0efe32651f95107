using System.Buffers;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Rookery.Live;

namespace Rookery.Api.Mastodon;

/// <summary>
/// Talks on one WebSocket until it ends: reads what its client asks for, and writes what its streams tell. One writes and one reads, so what a client asks is answered in its turn
/// among the events, and one who asks and takes no answers is slow as any other.
/// </summary>
internal sealed class FollowSocket(
    FindStream find,
    FollowStream follow,
    LiveStreams streams,
    SiteAddress address,
    RequestLimits limits,
    TimeProvider time
)
{
    public const string Stream = "stream";
    public const string Tag = "tag";
    public const string LastEventId = "last_event_id";

    /// <summary>Ten times the longest that says something.</summary>
    private const int MostBytes = 4 * 1024;

    /// <summary>Frames that one message may come in.</summary>
    private const int MostPieces = 64;

    /// <summary>Not in <see cref="WebSocketCloseStatus"/>.</summary>
    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    /// <summary>From its first byte on.</summary>
    private static readonly TimeSpan MessageTime = TimeSpan.FromSeconds(10);

    /// <summary>For its client to say that it has heard of the end.</summary>
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(2);

    /// <summary>What is thrown on a connection that has broken.</summary>
    public static bool IsGone(Exception broken) =>
        broken
            is WebSocketException
                or OperationCanceledException
                or IOException
                or ObjectDisposedException;

    public async Task HandleAsync(
        HttpContext context,
        WebSocket socket,
        LiveStream stream,
        AccountId viewer
    )
    {
        var site = MastodonSite.Of(address, context.Request);
        SubscribeFirst(context, stream, viewer);
        var reading = ReadAsync(context, socket, stream, viewer);
        var why = await follow.HandleAsync(context, stream, site, new FrameWriter(socket, stream));
        stream.EndFor(why);
        await CloseAsync(socket, why == LiveEnd.Refused ? await reading : CloseOf(why));
        try
        {
            await (why == LiveEnd.Refused ? DrainAsync(socket) : reading).WaitAsync(
                ClosingTime,
                time,
                CancellationToken.None
            );
        }
        catch (TimeoutException)
        {
            // What still reads ends by it.
            context.Abort();
        }

        await reading;
    }

    /// <summary>What is named in the address, if anything is.</summary>
    private void SubscribeFirst(HttpContext context, LiveStream stream, AccountId viewer)
    {
        var fields = new LenientFields(RequestFields.OfQuery(context));
        if (fields.Text(Stream) is { } first)
        {
            var since = RequestFields.OfQuery(context).Has(LastEventId)
                ? fields.Text(LastEventId) ?? ""
                : null;
            Subscribe(new AskedStream(first, fields.Text(Tag), viewer, since), stream);
        }
    }

    /// <summary>Answers how the connection is to be closed for what came on it; null where it ends by itself.</summary>
    private async Task<SocketClose?> ReadAsync(
        HttpContext context,
        WebSocket socket,
        LiveStream stream,
        AccountId viewer
    )
    {
        try
        {
            while (true)
            {
                // Waits without a buffer: thousands do.
                var head = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
                if (head.MessageType == WebSocketMessageType.Close)
                {
                    return null;
                }

                if (head is { EndOfMessage: true, MessageType: WebSocketMessageType.Text })
                {
                    continue;
                }

                var wrong =
                    head.MessageType == WebSocketMessageType.Binary
                        ? new SocketClose(
                            WebSocketCloseStatus.InvalidMessageType,
                            "messages are text"
                        )
                        : await HearAsync(socket, stream, viewer, context.RequestAborted);
                if (wrong is not null)
                {
                    stream.EndFor(LiveEnd.Refused);
                    return wrong;
                }
            }
        }
        catch (Exception broken) when (IsGone(broken))
        {
            return null;
        }
        finally
        {
            stream.EndFor(LiveEnd.Gone);
        }
    }

    /// <summary>Reads one message, and does what it says.</summary>
    private async Task<SocketClose?> HearAsync(
        WebSocket socket,
        LiveStream stream,
        AccountId viewer,
        CancellationToken token
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MostBytes);
        try
        {
            using var slow = new CancellationTokenSource(MessageTime, time);
            var (length, pieces) = (0, 0);
            ValueWebSocketReceiveResult part;
            do
            {
                if (length == MostBytes || ++pieces > MostPieces)
                {
                    return new(WebSocketCloseStatus.MessageTooBig, "a message is 4 kB at most");
                }

                part = await socket.ReceiveAsync(
                    buffer.AsMemory(length, MostBytes - length),
                    slow.Token
                );
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return null;
                }

                length += part.Count;
            } while (!part.EndOfMessage);

            if (await limits.RefuseMessageAsync(viewer, token) is { } tooMany)
            {
                stream.Refuse(tooMany);
                return null;
            }

            var message = SocketMessage.Parse(buffer.AsSpan(0, length));
            if (!message.Succeeded)
            {
                stream.Refuse(message.Problem);
                return null;
            }

            Do(message.Value, stream, viewer);
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Do(SocketMessage message, LiveStream stream, AccountId viewer)
    {
        var asked = new AskedStream(message.Stream, message.Tag, viewer, message.Since);
        if (message.Subscribes)
        {
            Subscribe(asked, stream);
        }
        else if (Find(asked, stream) is { } known)
        {
            streams.Unsubscribe(stream, known);
        }
    }

    /// <summary>What is subscribed to already is left as it is.</summary>
    private void Subscribe(AskedStream asked, LiveStream stream)
    {
        if (Find(asked, stream) is not null)
        {
            return;
        }

        var found = find.Handle(asked);
        if ((found.Succeeded ? streams.Subscribe(stream, found.Value) : found.Problem) is { } wrong)
        {
            stream.Refuse(wrong);
        }
    }

    private static LiveView? Find(AskedStream asked, LiveStream stream) =>
        stream
            .Subscriptions.Cast<LiveView>()
            .FirstOrDefault(view => view.Names.SequenceEqual(asked.Names));

    private async Task CloseAsync(WebSocket socket, SocketClose? close)
    {
        if (
            close is null
            || socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)
        )
        {
            return;
        }

        // One who takes nothing is not waited for.
        using var late = new CancellationTokenSource(ClosingTime, time);
        try
        {
            await socket.CloseOutputAsync(close.Status, close.Reason, late.Token);
        }
        catch (Exception broken) when (IsGone(broken)) { }
    }

    /// <summary>Takes what its client sends until it has heard of the end: with something unread, the connection would end before it does.</summary>
    private static async Task DrainAsync(WebSocket socket)
    {
        var buffer = new byte[MostBytes];
        try
        {
            while (socket.State == WebSocketState.CloseSent)
            {
                await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            }
        }
        catch (Exception broken) when (IsGone(broken)) { }
    }

    private static SocketClose CloseOf(LiveEnd why) =>
        why switch
        {
            LiveEnd.Gone => new(WebSocketCloseStatus.NormalClosure, ""),
            LiveEnd.Stopping => new(WebSocketCloseStatus.EndpointUnavailable, "stopping"),
            LiveEnd.Token => new(WebSocketCloseStatus.PolicyViolation, "token"),
            LiveEnd.Slow => new(TryAgainLater, "slow"),
            LiveEnd.Lost => new(TryAgainLater, "lost"),
            _ => new(TryAgainLater, "unavailable"),
        };

    /// <summary>How a connection is closed.</summary>
    private sealed record SocketClose(WebSocketCloseStatus Status, string Reason);
}
