using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Posts;

namespace Rookery.Notifications;

/// <summary>What a mail tells of in one sentence: what some did with the same post, or that they follow.</summary>
/// <param name="Actors">Who did it last, some of them, newest first.</param>
/// <param name="Count">How many did it.</param>
/// <param name="Post">Null where it is about none.</param>
/// <param name="PostAuthor">Who wrote that.</param>
internal sealed record ToldThing(
    NotificationKind Kind,
    IReadOnlyList<AccountCard> Actors,
    int Count,
    Post? Post,
    AccountCard? PostAuthor
);

/// <summary>What there is to tell a reader by mail, as truth has it now: what stands, was not read, and may still be seen.</summary>
internal sealed class FindTold(
    INotificationStore store,
    ChooseNotifications choose,
    KeepMarkers markers,
    FindNotified find,
    IPosts posts,
    IAccounts accounts,
    IOptions<NotificationsOptions> options,
    TimeProvider time
)
{
    /// <summary>What is older is no news.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(30);

    /// <summary>The newest first.</summary>
    public async ValueTask<IReadOnlyList<ToldThing>> HandleAsync(
        AccountId reader,
        NotificationChannel channel,
        NotificationId first,
        NotificationId through,
        CancellationToken token
    )
    {
        var kinds = await choose.ReadAsync(reader, channel, token);
        var read = await markers.ReadThroughAsync(reader, token);
        var above = read >= first ? read.Value : first.Value - 1;
        var found = await store.ListAsync(
            reader,
            new NotificationFilter(kinds),
            new Page(2 * options.Value.MostKept, new PostId(through.Value + 1), new PostId(above)),
            token
        );
        var since = time.GetUtcNow() - Oldest;
        return await ShowAsync([.. found.Where(one => one.CreatedAt >= since)], token);
    }

    private async ValueTask<IReadOnlyList<ToldThing>> ShowAsync(
        IReadOnlyList<Notification> told,
        CancellationToken token
    )
    {
        var about = await ReadPostsAsync(told, token);
        var there = told.Where(one => one.Post.Value == 0 || about.Standing.ContainsKey(one.Post))
            .ToList();
        var sights = await find.ReadSightsAsync([.. there.Select(one => one.Key)], token);
        var kept = there
            .Where(one => NotifyRules.Keeps(new NotificationChange(one.Key, true), about, sights))
            .ToList();
        var people = kept.Select(one => one.Actor)
            .Concat(about.Standing.Values.Select(post => post.Author))
            .Distinct()
            .ToArray();
        var cards = (await accounts.CardsAsync(people, token)).ToDictionary(card => card.Id);
        return
        [
            .. kept.Where(one => cards.ContainsKey(one.Actor))
                .GroupBy(one => (one.Kind, one.Post))
                .Select(one =>
                {
                    var post = about.Standing.GetValueOrDefault(one.Key.Post);
                    return new ToldThing(
                        one.Key.Kind,
                        [.. one.Select(each => cards[each.Actor])],
                        one.Count(),
                        post,
                        post is null ? null : cards.GetValueOrDefault(post.Author)
                    );
                }),
        ];
    }

    private async ValueTask<NotifyingPosts> ReadPostsAsync(
        IReadOnlyList<Notification> told,
        CancellationToken token
    )
    {
        var named = told.Select(one => one.Post).Where(post => post.Value != 0).Distinct();
        var ids = named.ToArray();
        if (ids.Length == 0)
        {
            return NotifyingPosts.None;
        }

        var standing = (await posts.GetManyAsync(ids, token)).ToDictionary(post => post.Id);
        return new NotifyingPosts(standing, await posts.MentionedInAsync(ids, token));
    }
}
