using Microsoft.Extensions.Options;
using Rookery.Delivery;
using Rookery.Live;
using Rookery.Posts;
using Rookery.Reading;

namespace Rookery.Api.Mastodon;

/// <summary>
/// Sends who comes back what came since the last event that he has, up to where his stream starts: deletions from the outbox, then posts and then notifications as they stand now, oldest
/// first. Nothing was kept for him, so what cannot be sent, or is too much, he is told of as a gap.
/// </summary>
internal sealed class ReplayMissed(
    LiveStreams streams,
    GatherStatuses gather,
    WriteNotified notified,
    IEventSources events,
    IOptions<LiveOptions> options,
    TimeProvider time
) : IDisposable
{
    private const string Updates = "update";
    private const string Deletions = "delete";
    private const string Notifications = "notification";

    /// <summary>A page of posts that are looked for, and of those that are sent.</summary>
    private const int Step = 100;

    /// <summary>Events of the outbox that are looked through for deletions: some milliseconds' work.</summary>
    private const long MostRows = 5_000;

    /// <summary>As far as clocks of processes may be apart.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turns = new(options.Value.ReplaysAtOnce);

    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public async Task HandleAsync(
        LivePosition? since,
        LiveStream stream,
        LiveView view,
        MastodonSite site,
        LiveWriter writer,
        CancellationToken token
    )
    {
        if (view.Topic != LiveTopic.Nothing)
        {
            await PostsAsync(since, stream, view, site, writer, token);
        }

        if (view.HasNotifications)
        {
            await NotificationsAsync(since, stream, view, site, writer, token);
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task PostsAsync(
        LivePosition? since,
        LiveStream stream,
        LiveView view,
        MastodonSite site,
        LiveWriter writer,
        CancellationToken token
    )
    {
        // Those come behind the posts: until then he has none of them more.
        var to = view.Start with
        {
            Notification = since?.Notification ?? default,
        };
        // One that is ahead of all there is was not given by this server, or by what was restored since.
        if (since is not { } known || !known.IsWithin(to))
        {
            writer.Gap(view, null, to, Updates, to);
            writer.Gap(view, null, to, Deletions, to);
            return;
        }

        if (known == to)
        {
            return;
        }

        using (await TurnAsync(token))
        {
            await DeletionsAsync(known, to, view, writer, token);
        }

        PostId from;
        using (await TurnAsync(token))
        {
            from = await BeginAsync(known.Post, to.Post, view, token);
        }

        if (from > known.Post)
        {
            var end = to with { Post = from };
            writer.Gap(view, known with { Sequence = to.Sequence }, end, Updates, end);
        }

        await UpdatesAsync(from, to, stream, view, site, writer, token);
    }

    private async Task NotificationsAsync(
        LivePosition? since,
        LiveStream stream,
        LiveView view,
        MastodonSite site,
        LiveWriter writer,
        CancellationToken token
    )
    {
        var (from, to) = (since?.Notification ?? default, view.Start.Notification);
        if (from.Value == 0 || to.Value == 0 || from.CreatedAt > time.GetUtcNow().Add(Apart))
        {
            writer.Gap(view, null, view.Start, Notifications, view.Start);
            return;
        }

        if (from >= to)
        {
            // Of those that another process has sent him this one may not have heard yet.
            view.Start = view.Start with
            {
                Notification = from,
            };
            return;
        }

        try
        {
            await NotificationsAsync(from, to, stream, view, site, writer, token);
        }
        catch (StoreUnavailableException)
        {
            // Their database may be one of its own, without which posts come all the same.
            var known = view.Start with
            {
                Notification = from,
            };
            writer.Gap(view, known, view.Start, Notifications, view.Start);
        }
    }

    private async Task NotificationsAsync(
        NotificationId since,
        NotificationId to,
        LiveStream stream,
        LiveView view,
        MastodonSite site,
        LiveWriter writer,
        CancellationToken token
    )
    {
        var (reader, from) = (view.Viewer!.Value, since);
        using (await TurnAsync(token))
        {
            var day = NotificationId.FloorAt(
                time.GetUtcNow().AddHours(-options.Value.ReplayedHours)
            );
            var oldest = day < to ? day : to;
            if (oldest > from && await notified.BeginAsync(reader, from, oldest, 0, token) > from)
            {
                from = oldest;
            }

            from = await notified.BeginAsync(reader, from, to, options.Value.ReplayedPosts, token);
        }

        if (from > since)
        {
            var end = view.Start with { Notification = from };
            writer.Gap(view, view.Start with { Notification = since }, end, Notifications, end);
        }

        while (from < to && stream.End == LiveEnd.None)
        {
            NotifiedStretch some;
            using (await TurnAsync(token))
            {
                some = await notified.ReadAsync(reader, from, to, site, token);
            }

            WriteNotified.Write(some, from, view, view.Start, writer);
            from = some.Through;
            await writer.FlushAsync();
        }
    }

    /// <summary>For reading alone: who takes slowly what is written keeps nobody waiting.</summary>
    private async ValueTask<Turn> TurnAsync(CancellationToken token)
    {
        await _turns.WaitAsync(token);
        return new Turn(_turns);
    }

    private async Task DeletionsAsync(
        LivePosition since,
        LivePosition to,
        LiveView view,
        LiveWriter writer,
        CancellationToken token
    )
    {
        var past = events.Posts.Past;
        var after = Math.Max(since.Sequence, to.Sequence - MostRows);
        var isGone = after < to.Sequence && !await past.StandsAsync(after + 1, token);
        if (isGone || after > since.Sequence)
        {
            var known = since with { Sequence = after };
            writer.Gap(
                view,
                since,
                isGone ? since with { Sequence = to.Sequence } : known,
                Deletions,
                known
            );
        }

        await foreach (var some in past.BetweenAsync(after, to.Sequence, token))
        {
            foreach (var (sequence, happened) in some)
            {
                // What he never was sent he need not forget.
                if (
                    happened is PostDeleted deleted
                    && deleted.Post <= since.Post
                    && LiveSource.Of(deleted, since with { Sequence = sequence }) is var told
                    && view.MayHave(told, streams)
                )
                {
                    writer.Delete(view, told.At, told.Post);
                }
            }
        }
    }

    /// <summary>The post behind which everything is sent: the last that was, or a later one, where more was missed than is sent.</summary>
    private async Task<PostId> BeginAsync(
        PostId since,
        PostId to,
        LiveView view,
        CancellationToken token
    )
    {
        var oldest = Snowflake.FloorAt(time.GetUtcNow().AddHours(-options.Value.ReplayedHours));
        var least = new PostId(Math.Clamp(oldest, since.Value, to.Value));
        using var into = TimelinePage.Rent();
        if (least > since)
        {
            var older = new Page(1, MaxId: new PostId(least.Value + 1), SinceId: since);
            await view.ReadAsync(older, into, token);
            least = into.EntryCount == 0 ? since : least;
            into.Hydrated.Clear();
        }

        var below = new PostId(to.Value + 1);
        for (var missed = 0; ; )
        {
            // Of those beyond the last that is sent, whether there are any.
            var count = Math.Clamp(options.Value.ReplayedPosts - missed, 1, Step);
            await view.ReadAsync(new Page(count, MaxId: below, SinceId: least), into, token);
            if (into.EntryCount < count)
            {
                return least;
            }

            if (missed == options.Value.ReplayedPosts)
            {
                return new PostId(below.Value - 1);
            }

            missed += into.EntryCount;
            below = into.LastEntry;
            into.Hydrated.Clear();
        }
    }

    private async Task UpdatesAsync(
        PostId from,
        LivePosition to,
        LiveStream stream,
        LiveView view,
        MastodonSite site,
        LiveWriter writer,
        CancellationToken token
    )
    {
        using var into = TimelinePage.Rent();
        var below = new PostId(to.Post.Value + 1);
        do
        {
            IReadOnlyList<Status> statuses;
            using (await TurnAsync(token))
            {
                await view.ReadAsync(new Page(Step, MaxId: below, MinId: from), into, token);
                statuses = await gather.HandleAsync(into, token);
            }

            if (into.EntryCount == 0)
            {
                return;
            }

            from = into.FirstEntry;
            foreach (var status in statuses.Reverse().Where(view.Wants))
            {
                var at = to with { Post = status.Post.Id };
                writer.Update(view, at, SharedStatus.WriteNow(status, view.Viewer, site));
            }

            into.Hydrated.Clear();
            await writer.FlushAsync();
        } while (into.IsFull && stream.End == LiveEnd.None);
    }

    private readonly struct Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
