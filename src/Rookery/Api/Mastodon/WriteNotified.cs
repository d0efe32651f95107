using Rookery.Live;
using Rookery.Notifications;

namespace Rookery.Api.Mastodon;

/// <summary>A stretch of notifications as a stream sends them.</summary>
/// <param name="Items">Oldest first, each as JSON on one line.</param>
/// <param name="Through">How far the stretch goes, whatever of it is to be seen.</param>
internal sealed record NotifiedStretch(
    IReadOnlyList<(NotificationId Id, byte[] Written)> Items,
    NotificationId Through
);

/// <summary>
/// Writes notifications into streams, as their list has them at that moment: what was dismissed, taken back or hidden since it was raised, or is of a kind that the reader has switched off, is not
/// written.
/// </summary>
internal sealed class WriteNotified(
    ReadNotifications read,
    ListNotifications list,
    ChooseNotifications choose,
    GatherNotified gather
)
{
    /// <summary>Some 100 kB of what a stream holds.</summary>
    private const int AtOnce = 40;

    /// <summary>The reader's next ones behind one and up to another.</summary>
    /// <exception cref="StoreUnavailableException">Something cannot be read.</exception>
    public async ValueTask<NotifiedStretch> ReadAsync(
        AccountId reader,
        NotificationId after,
        NotificationId through,
        MastodonSite site,
        CancellationToken token
    )
    {
        var part = await read.PageAsync(
            reader,
            await WantedAsync(reader, token),
            PageOf(AtOnce, after, through) with
            {
                MinId = new PostId(after.Value),
            },
            token
        );
        var statuses = await gather.HandleAsync(
            reader,
            part.Items.Select(one => one.What.Post),
            token
        );
        return new NotifiedStretch(
            [
                .. part
                    .Items.Reverse()
                    .Where(one => one.What.Post.Value == 0 || statuses.ContainsKey(one.What.Post))
                    .Select(one =>
                        (one.What.Id, Written(one, statuses.GetValueOrDefault(one.What.Post)))
                    ),
            ],
            part.Newer ?? through
        );

        byte[] Written(ShownNotification one, Status? status)
        {
            using var scratch = JsonScratch.Rent();
            NotificationEntity.Write(scratch.Json, one, status, reader, site);
            return scratch.Finish().ToArray();
        }
    }

    /// <summary>Behind which one the newest so many begin; <paramref name="after"/>, where there are no more.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public async ValueTask<NotificationId> BeginAsync(
        AccountId reader,
        NotificationId after,
        NotificationId through,
        int most,
        CancellationToken token
    )
    {
        var page = PageOf(most + 1, after, through);
        var found = await list.HandleAsync(reader, await WantedAsync(reader, token), page, token);
        return found.Count > most ? found[^1].Id : after;
    }

    /// <summary>Into all of these, which are one reader's, what came behind the beginning of each.</summary>
    /// <param name="told">From its first notification to where it stands.</param>
    /// <exception cref="StoreUnavailableException">Something cannot be read.</exception>
    public async Task HandleAsync(
        LiveEvent told,
        IReadOnlyList<LiveView> views,
        LiveStream stream,
        MastodonSite site,
        LiveWriter writer,
        CancellationToken token
    )
    {
        var (after, through) = (new NotificationId(told.First.Value - 1), told.At.Notification);
        while (after < through && stream.End == LiveEnd.None)
        {
            var some = await ReadAsync(told.Author, after, through, site, token);
            foreach (var view in views)
            {
                Write(some, view.Start.Notification, view, told.At, writer);
            }

            after = some.Through;
            if (writer.IsFull)
            {
                await writer.FlushAsync();
            }
        }
    }

    /// <param name="after">Those up to it the reader has.</param>
    /// <param name="at">Where they stand but for the notification.</param>
    public static void Write(
        NotifiedStretch some,
        NotificationId after,
        LiveView view,
        LivePosition at,
        LiveWriter writer
    )
    {
        foreach (var (id, written) in some.Items)
        {
            if (id > after)
            {
                writer.Event(view, at with { Notification = id }, "notification"u8, written);
            }
        }
    }

    private async ValueTask<NotificationFilter> WantedAsync(
        AccountId reader,
        CancellationToken token
    ) => new(await choose.ReadAsync(reader, NotificationChannel.App, token));

    private static Page PageOf(int count, NotificationId after, NotificationId through) =>
        new(count, MaxId: new PostId(through.Value + 1), SinceId: new PostId(after.Value));
}
