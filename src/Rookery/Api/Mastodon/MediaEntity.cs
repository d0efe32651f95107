using System.Text.Json;
using Rookery.Media;
using Rookery.Posts;

namespace Rookery.Api.Mastodon;

/// <summary>Writes a medium as Mastodon's <c>MediaAttachment</c>, whether it is on a post or not yet.</summary>
internal static class MediaEntity
{
    public const string Example =
        """{"id":"987","type":"image","url":"http://127.0.0.1:8080/media/0123456789abcdef0123456789abcdef.jpg","preview_url":"http://127.0.0.1:8080/media/0123456789abcdef0123456789abcdef.jpg","remote_url":null,"preview_remote_url":null,"text_url":null,"meta":{"original":{"width":640,"height":480,"size":"640x480","aspect":1.3333},"small":{"width":640,"height":480,"size":"640x480","aspect":1.3333},"focus":{"x":0.25,"y":-0.5}},"description":"A rook on a roof","blurhash":"LEHV6nWB2yk8pyo0adR*.7kCMdnj"}""";

    public static void Write(Utf8JsonWriter json, Medium medium, MastodonSite site) =>
        Write(json, Attachment.Of(medium), site);

    public static void Write(Utf8JsonWriter json, Attachment medium, MastodonSite site)
    {
        var url = site.UrlOf(medium.Blob);
        json.WriteStartObject();
        json.WriteString("id", medium.Id.ToString());
        json.WriteString("type", medium.IsVideo ? "video" : "image");
        json.WriteString("url", url);
        // Of a video what was sent with it: nothing here decodes one.
        json.WriteString(
            "preview_url",
            medium.Preview is { } preview ? site.UrlOf(preview)
                : medium.IsVideo ? null
                : url
        );
        json.WriteNull("remote_url");
        json.WriteNull("preview_remote_url");
        json.WriteNull("text_url");
        json.WriteStartObject("meta");
        WriteSize(json, "original", medium, medium.Milliseconds);
        WriteSize(json, "small", medium);
        json.WriteStartObject("focus");
        json.WriteNumber("x", medium.Focus.X / 1000m);
        json.WriteNumber("y", medium.Focus.Y / 1000m);
        json.WriteEndObject();
        json.WriteEndObject();
        WriteSaid(json, "description", medium.Description);
        WriteSaid(json, "blurhash", medium.Blurhash);
        json.WriteEndObject();
    }

    private static void WriteSaid(Utf8JsonWriter json, string name, string text) =>
        json.WriteString(name, text.Length > 0 ? text : null);

    /// <param name="milliseconds">0: nothing is said of how long it lasts.</param>
    private static void WriteSize(
        Utf8JsonWriter json,
        string name,
        Attachment medium,
        int milliseconds = 0
    )
    {
        json.WriteStartObject(name);
        json.WriteNumber("width", medium.Width);
        json.WriteNumber("height", medium.Height);
        json.WriteString("size", $"{medium.Width}x{medium.Height}");
        json.WriteNumber("aspect", decimal.Round((decimal)medium.Width / medium.Height, 4));
        if (milliseconds > 0)
        {
            json.WriteNumber("duration", milliseconds / 1000m);
        }

        json.WriteEndObject();
    }
}
