using Rookery.Accounts;
using Rookery.Media;
using Rookery.Web.Layout;
using Rookery.Web.Visits;

namespace Rookery.Web.Posts;

/// <summary>A box to write in.</summary>
/// <param name="Key">Names this sending of the form: sent twice, it is one post.</param>
/// <param name="MaxLength">Characters that a post may have.</param>
public sealed record ComposeModel(Frame Frame, string Key, int MaxLength)
{
    public string Text { get; init; } = "";

    /// <summary>What is shown in place of it at first; empty for none.</summary>
    public string Warning { get; init; } = "";

    /// <summary>Its pictures are hidden at first, whether there is a warning or not.</summary>
    public bool IsSensitive { get; init; }

    /// <summary>As the form says it; empty: what the post replied to has.</summary>
    public string Visibility { get; init; } = "public";

    /// <summary>What is replied to, and who wrote it; empty where that is not known any more.</summary>
    public PostId? ReplyTo { get; init; }

    public string ReplyToUsername { get; init; } = "";

    /// <summary>Where the browser goes afterwards; empty: to the post.</summary>
    public string Back { get; init; } = "";

    /// <summary>Pictures that a post may have; 0: the form takes none.</summary>
    public int MostPictures { get; init; }

    /// <summary>Those that were stored when the form was sent before.</summary>
    public IReadOnlyList<Medium> Pictures { get; init; } = [];

    public Problem? Problem { get; init; }

    /// <param name="defaults">What the writer wants where nothing else is chosen.</param>
    internal static ComposeModel New(
        Frame frame,
        int maxLength,
        int mostPictures,
        PostingDefaults defaults
    ) =>
        new(frame, FormToken.Draw(), maxLength)
        {
            Back = frame.Here,
            MostPictures = mostPictures,
            Visibility = defaults.Visibility switch
            {
                Rookery.Posts.Visibility.Unlisted => "unlisted",
                Rookery.Posts.Visibility.Followers => "followers",
                _ => "public",
            },
            IsSensitive = defaults.IsSensitive,
        };

    /// <summary>With what was written before.</summary>
    internal static ComposeModel Again(
        Frame frame,
        int maxLength,
        int mostPictures,
        KeptPost kept
    ) =>
        new(frame, FormToken.Draw(), maxLength)
        {
            MostPictures = mostPictures,
            Text = kept.Text,
            Warning = kept.Warning,
            Visibility = kept.Visibility,
            ReplyTo = kept.ReplyTo,
        };

    public string Hint => Frame.Say.TextHint(Frame.Say.Exact(MaxLength));
}
