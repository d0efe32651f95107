using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Rookery.Api.Mastodon;

/// <summary>Writes a hashtag as Mastodon's <c>Tag</c>, alone or in a status.</summary>
internal static class TagEntity
{
    /// <param name="name">Folded, without its sign.</param>
    /// <param name="hasViewer">Whether the caller has a token, and is told what it has to do with the hashtag.</param>
    public static void Write(Utf8JsonWriter json, string name, bool hasViewer, MastodonSite site)
    {
        json.WriteStartObject();
        json.WriteString("id", $"{IdOf(name)}");
        WriteNameAndUrl(json, name, site);
        json.WriteEmptyArray("history");
        if (hasViewer)
        {
            json.WriteBoolean("following", false);
        }

        json.WriteEndObject();
    }

    /// <inheritdoc cref="Write"/>
    public static void WriteInStatus(Utf8JsonWriter json, string name, MastodonSite site)
    {
        json.WriteStartObject();
        WriteNameAndUrl(json, name, site);
        json.WriteEndObject();
    }

    private static void WriteNameAndUrl(Utf8JsonWriter json, string name, MastodonSite site)
    {
        json.WriteString("name", name);
        json.WriteString("url", site.Html.Hashtag(name));
    }

    /// <summary>Hashtags have no ids here, and some clients read one as a number of 64 bits: always the same for the same name.</summary>
    private static long IdOf(string name)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), digest);
        return BinaryPrimitives.ReadInt64BigEndian(digest) & long.MaxValue;
    }
}
