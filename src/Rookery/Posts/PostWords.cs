using System.Globalization;

namespace Rookery.Posts;

/// <summary>What a post says: its text and the warning before it, which are counted together.</summary>
/// <param name="Warning">Empty for none.</param>
/// <param name="IsSensitive">Its pictures are shown to who wants to see them alone.</param>
internal sealed record PostWords(PostText Text, string Warning, bool IsSensitive)
{
    public static Result<PostWords> Create(PostRequest request, int maxLength)
    {
        var warning = ContentWarning.Create(request.Warning, maxLength);
        if (!warning.Succeeded)
        {
            return warning.Problem;
        }

        var isSensitive = request.IsSensitive == true || warning.Value.Length > 0;
        var hasMedia = request.Media.Count > 0;
        // What stands before pictures alone is no warning of a text that is not there.
        var isText = hasMedia && UnicodeText.IsBlank(request.Text);
        var text = PostText.Create(
            isText ? warning.Value : request.Text,
            request.TextField,
            maxLength,
            mayBeEmpty: hasMedia
        );
        return text.Succeeded
            ? Counted(
                new PostWords(text.Value, isText ? "" : warning.Value, isSensitive),
                request.TextField,
                maxLength
            )
            : text.Problem;
    }

    private static Result<PostWords> Counted(PostWords words, string field, int maxLength)
    {
        var length = words.Text.Length + UnicodeText.CountClusters(words.Warning);
        return length > maxLength
            ? Problem.Invalid(
                field,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The text and its warning are {length} characters long together; at most {maxLength} are allowed (a link counts {PostText.LinkLength})."
                )
            )
            : words;
    }
}
