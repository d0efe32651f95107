using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Rookery.Live;

namespace Rookery.Api.Mastodon;

/// <summary>
/// Spells what a WebSocket sends, as Mastodon does. Where its reader named an event to go on from, there is also the id of each: others are sent nothing that
/// Mastodon would not.
/// </summary>
internal sealed class FrameWriter(WebSocket socket, LiveStream stream) : LiveWriter
{
    private const string Id = "id";

    private readonly List<int> _ends = [];

    /// <summary>The messages that are not sent yet, and none between two flushes: there are thousands of quiet streams.</summary>
    private byte[] _gathered = [];
    private int _length;

    public override bool IsFull => _length >= FlushBytes;

    public override void Begin(LiveView view, LivePosition at) => At(view, at);

    public override void At(LiveView view, LivePosition at)
    {
        if (view.Since is not null)
        {
            Gather((view, at), static (json, said) => WriteAt(json, said.view.Names, said.at));
        }
    }

    public override void Thump(LivePosition at)
    {
        // One that begins while this waits: where it said that its reader is, he would go on from, without what he has still to be sent.
        foreach (var view in stream.Subscriptions.Cast<LiveView>().Where(view => view.HasBegun))
        {
            At(view, at);
        }
    }

    public override void Event(
        LiveView view,
        LivePosition at,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> data
    )
    {
        using var scratch = JsonScratch.Rent();
        var json = scratch.Json;
        json.WriteStartObject();
        WriteNames(json, view.Names);
        json.WriteString("event", name);
        json.WriteString("payload", data);
        if (view.Since is not null)
        {
            json.WriteString(Id, at.ToString());
        }

        json.WriteEndObject();
        Keep(scratch.Finish().Span);
    }

    public override void Refuse(Problem refusal) =>
        Gather(
            refusal,
            static (json, why) =>
            {
                json.WriteString("error", why.Detail);
                json.WriteNumber("status", ProblemResponses.StatusOf(why.Kind));
            }
        );

    public override async ValueTask FlushAsync()
    {
        if (_length == 0)
        {
            return;
        }

        stream.BeginSending();
        try
        {
            for (int i = 0, from = 0; i < _ends.Count && stream.End == LiveEnd.None; i++)
            {
                await socket.SendAsync(
                    _gathered.AsMemory(from, _ends[i] - from),
                    WebSocketMessageType.Text,
                    endOfMessage: true,
                    CancellationToken.None
                );
                from = _ends[i];
            }
        }
        catch (Exception broken) when (FollowSocket.IsGone(broken))
        {
            stream.EndFor(LiveEnd.Gone);
        }
        finally
        {
            stream.EndSending();
            ArrayPool<byte>.Shared.Return(_gathered);
            (_gathered, _length) = ([], 0);
            _ends.Clear();
        }
    }

    private void Gather<T>(T said, Action<Utf8JsonWriter, T> write)
    {
        using var scratch = JsonScratch.Rent();
        scratch.Json.WriteStartObject();
        write(scratch.Json, said);
        scratch.Json.WriteEndObject();
        Keep(scratch.Finish().Span);
    }

    private static void WriteAt(Utf8JsonWriter json, IReadOnlyList<string> names, LivePosition at)
    {
        WriteNames(json, names);
        json.WriteString("event", "at"u8);
        json.WriteString(Id, at.ToString());
    }

    private static void WriteNames(Utf8JsonWriter json, IReadOnlyList<string> names)
    {
        json.WriteStartArray("stream");
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    private void Keep(ReadOnlySpan<byte> message)
    {
        if (_gathered.Length < _length + message.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(2 * (_length + message.Length));
            _gathered.AsSpan(0, _length).CopyTo(larger);
            if (_gathered.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_gathered);
            }

            _gathered = larger;
        }

        message.CopyTo(_gathered.AsSpan(_length));
        _length += message.Length;
        _ends.Add(_length);
    }
}
