using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Rookery.TestKit;
using Rookery.Verification;

namespace Rookery.SystemTests.Histories;

/// <summary>One read, and which posts were acknowledged before it began.</summary>
internal sealed record WatchedRead(IReadOnlyList<PostId> Ids, IReadOnlyList<PostId> Acknowledged);

/// <summary>What one reader saw while others wrote.</summary>
internal sealed record Watched(ClassicClient Viewer, IReadOnlyList<WatchedRead> Reads);

/// <summary>The assertions of a history.</summary>
internal sealed class HistoryChecks(Oracle oracle, Strategy strategy, CancellationToken stop)
{
    /// <summary>A page that fits into the small cache of rendered posts twice.</summary>
    private const int PageCount = 15;

    /// <summary>Right after a narrowing act: nothing it forbids is shown, and where nothing is delivered behind answers, nothing is missing.</summary>
    public async Task HomeNowAsync(ClassicClient viewer)
    {
        var shown = await viewer.HomeAsync(new Page(PageCount), stop);
        var right = oracle.Home(viewer.Id);
        NothingForbidden(viewer, Ids(shown), right);
        EntriesAreTheirPosts(viewer, shown);
        if (strategy.IsCurrent)
        {
            Promise.Same(
                Oracle.Page(right, new Page(PageCount)),
                Ids(shown),
                Promise.HomeIsTheOracles,
                () => $"home of {viewer.Username}, at once"
            );
        }
    }

    public async Task HomesNowAsync(IReadOnlyList<ClassicClient> viewers)
    {
        foreach (var viewer in viewers)
        {
            await HomeNowAsync(viewer);
        }
    }

    /// <summary>At rest: every timeline and every counter, entry for entry.</summary>
    public async Task AllAsync(
        IRunningServer server,
        IReadOnlyList<ClassicClient> people,
        bool userTimelines
    )
    {
        foreach (var viewer in people)
        {
            var home = await ChainAsync(viewer.HomeAsync);
            var right = oracle.Home(viewer.Id);
            NothingForbidden(viewer, Ids(home), right);
            Promise.Same(
                right,
                Ids(home),
                Promise.HomeIsTheOracles,
                () => $"home of {viewer.Username}, at rest"
            );
            EntriesAreTheirPosts(viewer, home);
            CountsAreRight(home);
            await ServiceReadsAsync(server, viewer, right);
            await AccountCountsAsync(viewer);
            foreach (var author in userTimelines ? people : [])
            {
                await UserTimelineAsync(viewer, author);
            }
        }
    }

    /// <summary>At rest: what an operator's <c>verify</c> compares, while memory holds what the history left in it.</summary>
    public async Task VerifyAsync(IRunningServer server)
    {
        var verify = server.Services.GetRequiredService<VerifyAll>();
        await foreach (var report in verify.HandleAsync(repair: false, stop))
        {
            Promise.Keep(
                report.Different == 0,
                Promise.VerifyFindsNothing,
                () => $"{report.Name}: {string.Join("; ", report.Differences)}"
            );
        }
    }

    /// <summary>Chains of pages in both directions and a page from the middle.</summary>
    public async Task PagesAsync(ClassicClient viewer, int which, int detail)
    {
        var right = oracle.Home(viewer.Id);
        var count = 1 + (detail % 7);
        await DownwardsAsync(viewer, right, count);
        await UpwardsAsync(viewer, right, count);
        if (right.Count > 0)
        {
            var middle = right[which % right.Count];
            var other = right[detail % right.Count];
            await PageAsync(viewer, right, new Page(count, MaxId: middle));
            await PageAsync(viewer, right, new Page(count, SinceId: middle));
            await PageAsync(viewer, right, new Page(count, MinId: middle));
            await PageAsync(viewer, right, new Page(count, MaxId: middle, SinceId: other));
            await PageAsync(viewer, right, new Page(count, MaxId: middle, MinId: other));
        }
    }

    /// <summary>Reads home over and over until the writers are done, and once more.</summary>
    public async Task<Watched> WatchAsync(
        ClassicClient viewer,
        ConcurrentQueue<PostId> acknowledged,
        CancellationToken written
    )
    {
        var reads = new List<WatchedRead>();
        for (var last = false; !last; )
        {
            last = written.IsCancellationRequested;
            var standing = acknowledged.ToArray();
            // What is wiped faster than it is read is refused, and that is no answer.
            if (await viewer.TryHomeAsync(new Page(PageCount), stop) is { } shown)
            {
                reads.Add(new WatchedRead(Ids(shown), standing));
            }
        }

        return new Watched(viewer, reads);
    }

    /// <summary>
    /// What was seen during a burst of posts: nothing forbidden, in order, nothing that stood before left out, and nothing that comes up below what was
    /// seen before.
    /// </summary>
    /// <param name="wiped">
    /// While memory is wiped under readers, a group of commits may show one after the other; groups never do.
    /// </param>
    public void Watched(Watched watched, IReadOnlyList<PostId> before, bool wiped)
    {
        var right = oracle.Home(watched.Viewer.Id);
        IReadOnlyList<PostId> previous = [];
        foreach (var (read, acknowledged) in watched.Reads)
        {
            NothingForbidden(watched.Viewer, read, right);
            if (!strategy.IsCurrent)
            {
                continue;
            }

            var oldest = read.Count < PageCount ? default : read[^1];
            Promise.Keep(
                !before
                    .Concat(previous)
                    .Concat(acknowledged.Intersect(right))
                    .Any(id => id > oldest && !read.Contains(id)),
                Promise.NothingMissing,
                () =>
                    $"{watched.Viewer.Username} read [{string.Join(", ", read)}] after [{string.Join(", ", previous)}]; stood before: [{string.Join(", ", before.Concat(acknowledged))}]"
            );
            Promise.Keep(
                previous.Count == 0
                    || !read.Except(previous)
                        .Any(id => id > previous[^1] && IsBefore(id, previous[0], wiped)),
                Promise.IdsGrowWithCommits,
                () =>
                    $"{watched.Viewer.Username} read [{string.Join(", ", read)}] after [{string.Join(", ", previous)}]"
            );
            previous = read;
        }
    }

    /// <summary>A group has a millisecond of its own.</summary>
    private static bool IsBefore(PostId id, PostId other, bool byGroup) =>
        byGroup
            ? Snowflake.MillisecondsOf(id.Value) < Snowflake.MillisecondsOf(other.Value)
            : id < other;

    private static List<PostId> Ids(IEnumerable<Entry> entries) =>
        [.. entries.Select(entry => entry.Id)];

    private static void NothingForbidden(
        ClassicClient viewer,
        IReadOnlyList<PostId> shown,
        IReadOnlyList<PostId> right
    )
    {
        Promise.Keep(
            !shown.Except(right).Any(),
            Promise.NothingForbidden,
            () =>
                $"{viewer.Username} was shown [{string.Join(", ", shown.Except(right))}], which the oracle forbids"
        );
        Promise.Keep(
            shown.SequenceEqual(shown.Distinct().OrderDescending()),
            Promise.PagesAreTheSet,
            () => $"not newest first, or twice: [{string.Join(", ", shown)}]"
        );
    }

    private void EntriesAreTheirPosts(ClassicClient viewer, IReadOnlyList<Entry> entries)
    {
        foreach (var entry in entries)
        {
            var post = oracle.Find(entry.Id)!;
            Promise.Keep(
                entry.Author == post.Author
                    && entry.Text == post.Text
                    && entry.Warning == post.Warning
                    && entry.Json.GetProperty("sensitive").GetBoolean() == post.Warning.Length > 0
                    && entry.Original == post.Original,
                Promise.EntriesAreTheirPosts,
                () => $"{entry} is not {post}"
            );
            MarksAreTheViewers(viewer, entry);
        }
    }

    /// <summary>A repost shows the marks of what it passes on.</summary>
    private void MarksAreTheViewers(ClassicClient viewer, Entry entry)
    {
        var written = entry.Original.Value == 0 ? entry.Id : entry.Original;
        var json = entry.Original.Value == 0 ? entry.Json : entry.Json.GetProperty("repost_of");
        Promise.Keep(
            json.GetProperty("liked").GetBoolean() == oracle.Likes(viewer.Id, written)
                && json.GetProperty("reposted").GetBoolean()
                    == (oracle.RepostOf(viewer.Id, written) is not null),
            Promise.MarksAreTheViewers,
            () => $"{viewer.Username} is shown {json}"
        );
    }

    private void CountsAreRight(IReadOnlyList<Entry> entries)
    {
        var all = oracle.Counts();
        foreach (var entry in entries.Where(entry => entry.Original.Value == 0))
        {
            var counts = all[entry.Id];
            Promise.Keep(
                entry.Json.GetProperty("like_count").GetInt64() == counts.Likes
                    && entry.Json.GetProperty("repost_count").GetInt64() == counts.Reposts
                    && entry.Json.GetProperty("reply_count").GetInt64() == counts.Replies,
                Promise.CountersAreTheCounts,
                () => $"{counts} is right, shown is {entry.Json}"
            );
        }
    }

    private async Task AccountCountsAsync(ClassicClient person)
    {
        var shown = (await person.UserAsync(person.Id, stop)).Require(200).Json;
        var (posts, followers, following) = (
            oracle.PostsOf(person.Id),
            oracle.FollowersOf(person.Id),
            oracle.FollowingOf(person.Id)
        );
        Promise.Keep(
            shown.GetProperty("post_count").GetInt64() == posts
                && shown.GetProperty("follower_count").GetInt64() == followers
                && shown.GetProperty("following_count").GetInt64() == following,
            Promise.CountersAreTheCounts,
            () => $"{posts} posts, {followers} followers, {following} followed; shown is {shown}"
        );
    }

    private async Task ServiceReadsAsync(
        IRunningServer server,
        ClassicClient viewer,
        IReadOnlyList<PostId> right
    )
    {
        Promise.Same(
            Oracle.Page(right, new Page(10)),
            await server.Service.FeedAsync(viewer.Id, stop),
            Promise.HomeIsTheOracles,
            () => $"feed of {viewer.Username}"
        );
        Promise.Same(
            Oracle.Page(right, new Page(PageCount)),
            await server.Service.TimelineAsync(viewer.Id, PageCount, stop),
            Promise.HomeIsTheOracles,
            () => $"timeline of {viewer.Username}"
        );
    }

    private async Task UserTimelineAsync(ClassicClient viewer, ClassicClient author)
    {
        var shown = await ChainAsync(
            (page, token) => viewer.UserTimelineAsync(author.Id, page, token)
        );
        Promise.Same(
            oracle.UserTimeline(viewer.Id, author.Id),
            Ids(shown),
            Promise.UserTimelineIsTheOracles,
            () => $"timeline of {author.Username}, seen by {viewer.Username}"
        );
        EntriesAreTheirPosts(viewer, shown);
    }

    private static async Task<List<Entry>> ChainAsync(
        Func<Page, CancellationToken, Task<List<Entry>>> read
    )
    {
        var all = new List<Entry>();
        for (List<Entry>? page = null; page is not { Count: 0 }; all.AddRange(page))
        {
            PostId? below = all.Count == 0 ? null : all[^1].Id;
            page = await read(new Page(PageCount, MaxId: below), CancellationToken.None);
        }

        return all;
    }

    private async Task DownwardsAsync(ClassicClient viewer, List<PostId> right, int count)
    {
        PostId? below = null;
        for (var at = 0; at <= right.Count; at += count)
        {
            var shown = await PageAsync(viewer, right, new Page(count, MaxId: below));
            below = shown.Count > 0 ? shown[^1] : below;
        }
    }

    private async Task UpwardsAsync(ClassicClient viewer, List<PostId> right, int count)
    {
        var above = new PostId(1);
        for (var at = 0; at <= right.Count; at += count)
        {
            var shown = await PageAsync(viewer, right, new Page(count, MinId: above));
            above = shown.Count > 0 ? shown[0] : above;
        }
    }

    private async Task<List<PostId>> PageAsync(ClassicClient viewer, List<PostId> right, Page page)
    {
        var shown = Ids(await viewer.HomeAsync(page, stop));
        Promise.Same(
            Oracle.Page(right, page),
            shown,
            Promise.PagesAreTheSet,
            () => $"home of {viewer.Username}, {page}"
        );
        return shown;
    }
}
