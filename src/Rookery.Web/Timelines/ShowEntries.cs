using Rookery.Accounts;
using Rookery.Posts;
using Rookery.Reading;

namespace Rookery.Web.Timelines;

/// <summary>
/// Turns a page of a timeline, from which the rules have taken what this viewer may not see, into what is shown: the posts in one batch, then the accounts
/// that are named in one.
/// </summary>
internal sealed class ShowEntries(IPosts posts, IAccounts accounts)
{
    /// <summary>Addresses in texts are relative to the site, unless they are to be read elsewhere.</summary>
    private static readonly RenderHtml Html = new("");

    public async ValueTask<IReadOnlyList<EntryView>> OfAsync(
        TimelinePage page,
        CancellationToken token,
        RenderHtml? html = null
    )
    {
        var lines = Lines(page);
        if (lines.Count == 0)
        {
            return [];
        }

        var ids = lines.SelectMany(line => line.Ids).Distinct().ToArray();
        var found = (await posts.GetManyAsync(ids, token)).ToDictionary(post => post.Id);
        var named = await NamedAsync(found.Values, token);
        return
        [
            .. lines.Select(line => EntryOf(line, found, named, html ?? Html)).OfType<EntryView>(),
        ];
    }

    /// <summary>A text that is no post: what an account says of itself.</summary>
    public async ValueTask<string> HtmlOfAsync(string text, CancellationToken token)
    {
        var names = await ResolveAsync(RenderHtml.Mentioned(text), token);
        var cards = await CardsAsync(names.Values, token);
        return Html.Render(text, Shown(names, cards));
    }

    private async ValueTask<Named> NamedAsync(
        IReadOnlyCollection<Post> found,
        CancellationToken token
    )
    {
        var names = await ResolveAsync(
            found.SelectMany(post => RenderHtml.Mentioned(post.Text)),
            token
        );
        var cards = await CardsAsync(
            found
                .SelectMany(post => new[] { post.Author, post.ParentAuthor })
                .Where(account => account.Value != 0)
                .Concat(names.Values),
            token
        );
        return new Named(cards, Shown(names, cards));
    }

    private async ValueTask<IReadOnlyDictionary<string, AccountId>> ResolveAsync(
        IEnumerable<string> names,
        CancellationToken token
    )
    {
        var distinct = names.ToHashSet(StringComparer.Ordinal);
        return distinct.Count == 0
            ? new Dictionary<string, AccountId>()
            : await accounts.ResolveAsync(distinct, token);
    }

    private async ValueTask<Dictionary<AccountId, AccountCard>> CardsAsync(
        IEnumerable<AccountId> ids,
        CancellationToken token
    )
    {
        var distinct = ids.Distinct().ToArray();
        return distinct.Length == 0
            ? []
            : (await accounts.CardsAsync(distinct, token)).ToDictionary(card => card.Id);
    }

    private static Dictionary<string, string> Shown(
        IReadOnlyDictionary<string, AccountId> names,
        Dictionary<AccountId, AccountCard> cards
    )
    {
        var shown = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, account) in names)
        {
            if (cards.TryGetValue(account, out var card))
            {
                shown.Add(name, card.Username);
            }
        }

        return shown;
    }

    private static EntryView? EntryOf(
        Line line,
        Dictionary<PostId, Post> found,
        Named named,
        RenderHtml html
    )
    {
        // What was deleted between the two reads is left out, as is what is by somebody who is gone by now.
        if (
            !found.TryGetValue(line.Shown, out var post)
            || !named.Cards.TryGetValue(post.Author, out var author)
        )
        {
            return null;
        }

        AccountCard? passedOnBy = null;
        if (
            line.Id != line.Shown
            && !(
                found.TryGetValue(line.Id, out var repost)
                && named.Cards.TryGetValue(repost.Author, out passedOnBy)
            )
        )
        {
            return null;
        }

        return new EntryView(
            line.Id,
            new PostView(
                post,
                author,
                html.Render(post.Text, named.Usernames),
                named.Cards.GetValueOrDefault(post.ParentAuthor),
                (line.Flags & ViewerFlags.Liked) != 0,
                (line.Flags & ViewerFlags.Reposted) != 0
            ),
            passedOnBy
        );
    }

    /// <summary>A repost's original, which the page has behind it, is what is shown of it.</summary>
    private static List<Line> Lines(TimelinePage page)
    {
        var lines = new List<Line>(page.EntryCount);
        var parts = page.Parts.Span;
        var flags = page.Flags.Span;
        for (var i = 0; i < parts.Length; i++)
        {
            var id = parts[i].Id;
            i += parts[i].Header.OriginalId.Value != 0 ? 1 : 0;
            lines.Add(new Line(id, parts[i].Id, flags[i]));
        }

        return lines;
    }

    private readonly record struct Line(PostId Id, PostId Shown, ViewerFlags Flags)
    {
        public IEnumerable<PostId> Ids => [Id, Shown];
    }

    private sealed record Named(
        Dictionary<AccountId, AccountCard> Cards,
        Dictionary<string, string> Usernames
    );
}
