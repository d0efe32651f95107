using Microsoft.AspNetCore.Http;
using Rookery.Live;
using Rookery.Reading;

namespace Rookery.Api.Mastodon;

/// <summary>
/// Writes one stream from its opening to its end. Whether a post may be seen is asked when it is written, of what is known then; what waits for a slow reader is asked about when
/// he takes it.
/// </summary>
internal sealed class FollowStream(
    SharedStatuses statuses,
    WriteNotified notified,
    ReplayMissed replay,
    LiveStreams streams,
    Callers callers,
    Freshness freshness,
    ICommitLease lease
)
{
    /// <summary>Answers why it has ended.</summary>
    public async Task<LiveEnd> HandleAsync(
        HttpContext context,
        LiveStream stream,
        MastodonSite site,
        LiveWriter writer
    )
    {
        try
        {
            while (await stream.WaitAsync())
            {
                while (stream.Take() is { } next)
                {
                    if (await RefuseAsync(context, stream, next))
                    {
                        return LiveEnd.Token;
                    }

                    if (!await WriteAsync(next, stream, site, writer, context.RequestAborted))
                    {
                        return LiveEnd.Unavailable;
                    }

                    if (writer.IsFull)
                    {
                        await writer.FlushAsync();
                    }
                }

                await writer.FlushAsync();
            }

            return stream.End;
        }
        catch (StoreUnavailableException)
        {
            return LiveEnd.Unavailable;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return LiveEnd.Gone;
        }
    }

    /// <summary>Asked at each beginning, as what ended before it was told to nobody; with every sign of life; and at once where sessions of the account have ended.</summary>
    private async ValueTask<bool> RefuseAsync(
        HttpContext context,
        LiveStream stream,
        LiveEvent next
    ) =>
        stream.Viewer is not null
        && next.Kind is LiveKind.Begun or LiveKind.Thump or LiveKind.Sessions
        && (
            freshness.RefuseTokens() is not null
            || await callers.RefuseEndedAsync(context, RequestFields.OfQuery(context)) is not null
        );

    /// <summary>False where nobody knows whether what is known is all that was acknowledged.</summary>
    private async ValueTask<bool> WriteAsync(
        LiveEvent next,
        LiveStream stream,
        MastodonSite site,
        LiveWriter writer,
        CancellationToken token
    )
    {
        switch (next.Kind)
        {
            case LiveKind.Begun
                when next.Subscription is LiveView begun && stream.Subscriptions.Contains(begun):
                await BeginAsync(begun, stream, site, writer, token);
                break;
            case LiveKind.Refused:
                writer.Refuse(next.Refusal!);
                break;
            case LiveKind.Thump:
                writer.Thump(next.At);
                break;
            case LiveKind.Delete:
                foreach (var view in ViewsOf(stream, next))
                {
                    writer.Delete(view, view.AtLeast(next.At), next.Post);
                }

                break;
            case LiveKind.Update
            or LiveKind.Notified when !lease.IsHeld && !await lease.RenewAsync(token):
                return false;
            case LiveKind.Update:
                foreach (var view in ViewsOf(stream, next))
                {
                    await UpdateAsync(next, view, site, writer, token);
                }

                break;
            case LiveKind.Notified when ViewsOf(stream, next).ToList() is [_, ..] views:
                await notified.HandleAsync(next, views, stream, site, writer, token);
                break;
        }

        return true;
    }

    /// <summary>Those that may have it.</summary>
    private IEnumerable<LiveView> ViewsOf(LiveStream stream, LiveEvent next) =>
        stream
            .Subscriptions.Cast<LiveView>()
            .Where(view => view.IsBehindStart(next) && view.MayHave(next, streams));

    /// <summary>What its reader has missed, where he says what he has.</summary>
    private async Task BeginAsync(
        LiveView view,
        LiveStream stream,
        MastodonSite site,
        LiveWriter writer,
        CancellationToken token
    )
    {
        LivePosition? since = LivePosition.TryParse(view.Since, out var sent) ? sent : null;
        writer.Begin(view, since is { } known && known.IsWithin(view.Start) ? known : view.Start);
        await writer.FlushAsync();
        if (view.Since is { Length: > 0 })
        {
            await replay.HandleAsync(since, stream, view, site, writer, token);
            // Where it ended in between, its reader has what he was sent.
            if (stream.End == LiveEnd.None)
            {
                writer.At(view, view.Start);
                await writer.FlushAsync();
            }
        }

        view.HasBegun = true;
    }

    /// <summary>Writes the post, where the viewer may see it now.</summary>
    public async ValueTask UpdateAsync(
        LiveEvent next,
        LiveView view,
        MastodonSite site,
        LiveWriter writer,
        CancellationToken token
    )
    {
        if (
            await statuses.FindAsync(next.Posts) is not { } shared
            || await shared.Status is not { } status
            || !view.Wants(status)
        )
        {
            return;
        }

        // Not one for each stream: it takes as much as everything else of it.
        using var into = TimelinePage.Rent();
        await view.LookAsync(next.Posts, into, token);
        if (into.EntryCount > 0)
        {
            var written = shared.Write(status, view.Viewer, into.Flags.Span, site);
            writer.Update(view, view.AtLeast(next.At), written.Span);
        }
    }
}
