using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rookery.Media;
using Rookery.Posts;

namespace Rookery.Adapters.Sql;

/// <summary>Media on posts: as they stand in a post's row, and which of them was ever on one.</summary>
internal static class SqlAttachments
{
    private const string Select = "SELECT post FROM attached WHERE medium = @medium";

    private const string Insert = "INSERT INTO attached (medium, post) VALUES (@medium, @post)";

    private const string SelectStanding = """
        SELECT a.medium
        FROM json_each(@ids) i
        JOIN attached a ON a.medium = i.value
        JOIN posts p ON p.id = a.post AND p.state = 0
        """;

    /// <summary>A video has one more: how long it lasts. A still picture of it, where there is one, is another.</summary>
    private const int PictureValues = 8;

    // No browser ever sees it.
    private static readonly JsonWriterOptions _writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly KeyedRead<MediaId, Attached> _ahead = new(
        """
        SELECT w.id, a.post FROM unnest(@ids) AS w(id) CROSS JOIN LATERAL (
            SELECT post FROM attached WHERE medium = w.id LIMIT 1) a
        """,
        ids => [SqlList.Of(ids.Select(id => id.Value))],
        row => (new MediaId(row.GetInt64(0)), new Attached(new PostId(row.GetInt64(1))))
    );

    public static void Want(ReadsAhead ahead, IReadOnlyList<Attachment> media)
    {
        foreach (var medium in media)
        {
            ahead.Want(_ahead, medium.Id);
        }
    }

    /// <summary>Null where none of them was ever on a post.</summary>
    public static Problem? Used(CommitContext commit, IReadOnlyList<Attachment> media)
    {
        foreach (var medium in media)
        {
            if (IsUsed(commit, medium.Id))
            {
                return Problem.Conflict(
                    "media_ids",
                    $"Medium {medium.Id} was posted before; upload it again to post it once more."
                );
            }
        }

        return null;
    }

    public static void Keep(CommitContext commit, Post post)
    {
        foreach (var medium in post.Media)
        {
            commit.Session.LaterInAnyOrder(Insert, medium.Id.Value, post.Id.Value);
            commit.Ahead.Put(_ahead, medium.Id, new Attached(post.Id));
        }
    }

    /// <summary>The time is an id's, drawn in this commit: those of all posts that are stored after it are later or the same.</summary>
    public static AttachedMedia Among(CommitContext commit, ReadOnlySpan<MediaId> media)
    {
        var standing = commit.Session.Many(
            SelectStanding,
            row => new MediaId(row.GetInt64(0)),
            SqlList.Of(media)
        );
        return new AttachedMedia(standing, commit.NextPostId(default).CreatedAt);
    }

    /// <summary>As it stands in the row.</summary>
    public static string Write(IReadOnlyList<Attachment> media)
    {
        if (media.Count == 0)
        {
            return "";
        }

        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, _writing);
        json.WriteStartArray();
        foreach (var medium in media)
        {
            json.WriteStartArray();
            json.WriteNumberValue(medium.Id.Value);
            json.WriteStringValue(medium.Blob.ToString());
            json.WriteNumberValue(medium.Width);
            json.WriteNumberValue(medium.Height);
            json.WriteStringValue(medium.Description);
            json.WriteNumberValue(medium.Focus.X);
            json.WriteNumberValue(medium.Focus.Y);
            json.WriteStringValue(medium.Blurhash);
            if (medium.IsVideo)
            {
                json.WriteNumberValue(medium.Milliseconds);
                if (medium.Preview is { } preview)
                {
                    json.WriteStringValue(preview.ToString());
                }
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.Flush();
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    public static IReadOnlyList<Attachment> Read(string row)
    {
        if (row.Length == 0)
        {
            return [];
        }

        using var json = JsonDocument.Parse(row);
        return [.. json.RootElement.EnumerateArray().Select(ReadOne)];
    }

    private static Attachment ReadOne(JsonElement medium) =>
        new(
            new MediaId(medium[0].GetInt64()),
            NameIn(medium[1]),
            medium[2].GetInt32(),
            medium[3].GetInt32(),
            medium[4].GetString()!,
            new FocalPoint(medium[5].GetInt32(), medium[6].GetInt32()),
            medium[7].GetString()!
        )
        {
            Milliseconds =
                medium.GetArrayLength() > PictureValues ? medium[PictureValues].GetInt32() : 0,
            Preview =
                medium.GetArrayLength() > PictureValues + 1
                    ? NameIn(medium[PictureValues + 1])
                    : null,
        };

    private static BlobName NameIn(JsonElement value) =>
        BlobName.ParseStored(value.GetString())
        ?? throw new InvalidOperationException($"A post's row names a blob {value}.");

    private static bool IsUsed(CommitContext commit, MediaId medium) =>
        commit.Ahead.TryFind(_ahead, medium, out var attached)
            ? attached is not null
            : commit.Session.Number(Select, 0, medium.Value) != 0;

    private sealed record Attached(PostId Post);
}
