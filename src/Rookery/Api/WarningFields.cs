using System.Text.Json;
using Rookery.Posts;

namespace Rookery.Api;

/// <summary>The two fields that warn of a post, called as Mastodon calls them in every API.</summary>
internal static class WarningFields
{
    private const string Sensitive = "sensitive";

    public static IReadOnlyList<FieldDoc> All { get; } =
    [
        new(
            ContentWarning.Field,
            FieldType.Text,
            FieldPlace.Body,
            "What it warns of, shown in place of it at first. Counts with the text.",
            false,
            0
        ),
        new(
            Sensitive,
            FieldType.Flag,
            FieldPlace.Body,
            "Whether its pictures are hidden at first. With a warning they always are.",
            false
        ),
    ];

    public static string? WarningOf(RequestFields fields) =>
        fields.OptionalText(ContentWarning.Field, min: 0);

    public static bool? IsSensitive(RequestFields fields) => fields.OptionalFlag(Sensitive);

    /// <summary>Only of a post that warns: what backends were promised of all others stays as it is.</summary>
    public static void Write(Utf8JsonWriter json, Post post)
    {
        if (post.Warning.Length > 0 || post.IsSensitive)
        {
            json.WriteString(ContentWarning.Field, post.Warning);
            json.WriteBoolean(Sensitive, post.IsSensitive);
        }
    }
}
