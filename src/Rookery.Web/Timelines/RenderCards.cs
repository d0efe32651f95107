using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging;
using Rookery.Web.Languages;
using Rookery.Web.Layout;

namespace Rookery.Web.Timelines;

/// <summary>
/// Posts of lists as HTML, kept for the next reader: but for the own marks, all who read one language see a post alike. What is kept stands beside all that it was made of, and is
/// shown only where that is the same, so it is never outdated.
/// </summary>
internal sealed class RenderCards(IServiceProvider services, ILoggerFactory logs)
{
    /// <summary>Posts with up to 4 kB each: the first pages of the busiest hours.</summary>
    private const int Most = 4_096;

    private readonly BoundedCache<CardKey, Card> _kept = new(Most);

    public async ValueTask<MarkupString[]> OfAsync(IReadOnlyList<EntryView> entries, Frame frame)
    {
        var cards = new MarkupString[entries.Count];
        for (var i = 0; i < cards.Length; i++)
        {
            cards[i] = Find(entries[i], frame) ?? await RenderAsync(entries[i], frame);
        }

        return cards;
    }

    private MarkupString? Find(EntryView entry, Frame frame) =>
        _kept.Find(KeyOf(entry, frame)) is { } card
        && card.Ago == AgoOf(entry, frame)
        && IsSame(card.Entry, entry)
            ? card.Html
            : null;

    /// <summary>Lists of pictures are each read's own, so they are compared by what is in them.</summary>
    private static bool IsSame(EntryView kept, EntryView entry)
    {
        var (post, pictures) = (kept.Shown.Post, entry.Shown.Post.Media);
        return pictures.Count == 0
            ? kept == entry
            : post.Media.SequenceEqual(pictures)
                && kept with
                {
                    Shown = kept.Shown with { Post = post with { Media = pictures } },
                } == entry;
    }

    private async ValueTask<MarkupString> RenderAsync(EntryView entry, Frame frame)
    {
        await using var renderer = new HtmlRenderer(services, logs);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var card = await renderer.RenderComponentAsync<PostCard>(
                ParameterView.FromDictionary(
                    new Dictionary<string, object?>
                    {
                        [nameof(PostCard.Entry)] = entry,
                        [nameof(PostCard.Frame)] = frame,
                    }
                )
            );
            return new MarkupString(card.ToHtmlString());
        });
        _kept.Put(KeyOf(entry, frame), new Card(entry, AgoOf(entry, frame), html));
        return html;
    }

    /// <summary>Of the frame a card shows who looks, in which language, and how long ago it was written, and nothing else.</summary>
    private static CardKey KeyOf(EntryView entry, Frame frame) =>
        new(
            entry.Id,
            frame.Me is null ? Reader.Stranger
                : frame.Me.Id == entry.Shown.Post.Author ? Reader.Author
                : Reader.Member,
            frame.Say,
            entry.Shown.Liked,
            entry.Shown.Reposted
        );

    private static string AgoOf(EntryView entry, Frame frame) =>
        frame.Say.Ago(entry.Shown.Post.Id.CreatedAt, frame.Now);

    private enum Reader
    {
        Stranger,
        Member,
        Author,
    }

    private readonly record struct CardKey(
        PostId Entry,
        Reader By,
        Words In,
        bool Liked,
        bool Reposted
    );

    private sealed record Card(EntryView Entry, string Ago, MarkupString Html);
}
