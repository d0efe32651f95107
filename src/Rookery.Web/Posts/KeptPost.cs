using Rookery.Posts;
using Rookery.Web.Visits;

namespace Rookery.Web.Posts;

/// <summary>
/// What was written in a box whose session had ended when it was sent. The form to log in with carries it, so that it stands in a box again. Pictures are not among it: whose they would be
/// was not known.
/// </summary>
/// <param name="Visibility">As the form says it.</param>
public sealed record KeptPost(string Text, string Warning, string Visibility, PostId? ReplyTo)
{
    public const string TextField = "kept_text";
    public const string WarningField = "kept_warning";
    public const string VisibilityField = "kept_visibility";
    public const string ReplyField = "kept_in_reply_to";

    /// <summary>What the box sent; null for an empty one.</summary>
    internal static KeptPost? SentBy(Visit visit) =>
        Of(
            visit,
            PostForms.TextField,
            ContentWarning.Field,
            PostForms.VisibilityField,
            PostForms.ReplyField
        );

    /// <summary>What the form to log in with carries; null where that is nothing.</summary>
    internal static KeptPost? CarriedBy(Visit visit) =>
        Of(visit, TextField, WarningField, VisibilityField, ReplyField);

    private static KeptPost? Of(
        Visit visit,
        string text,
        string warning,
        string visibility,
        string reply
    )
    {
        var kept = new KeptPost(
            visit.Text(text),
            visit.Text(warning),
            visit.Text(visibility),
            visit.Text(reply).Length > 0 ? visit.Fields.OptionalPost(reply) : null
        );
        return kept.Text.Length + kept.Warning.Length > 0 ? kept : null;
    }
}
