namespace Rookery.Api.Mastodon;

/// <summary>What a client says on a WebSocket: a list that it wants to be told of, or no longer.</summary>
internal sealed record SocketMessage(bool Subscribes, string Stream, string? Tag, string? Since)
{
    private static readonly Problem Unreadable = new(
        ProblemKind.Invalid,
        "A message must be one JSON object, like {\"type\":\"subscribe\",\"stream\":\"user\"}."
    );

    public static Result<SocketMessage> Parse(ReadOnlySpan<byte> text)
    {
        var fields = new FieldTable();
        if (JsonFields.Read(text, fields) is not null)
        {
            return Unreadable;
        }

        var type = TextOf(fields, "type");
        if (type is not ("subscribe" or "unsubscribe"))
        {
            return Problem.Invalid("type", "type must be subscribe or unsubscribe.");
        }

        return TextOf(fields, "stream") is { } stream
            ? new SocketMessage(
                type == "subscribe",
                stream,
                TextOf(fields, "tag"),
                TextOf(fields, "last_event_id")
            )
            : Problem.Invalid("stream", "stream is missing; it must be one, like user.");
    }

    private static string? TextOf(FieldTable fields, string name) =>
        fields.TryGet(name, out var value) ? LenientFields.TextOf(value) : null;
}
