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
    ReplayMissed replay,
    Callers callers,
    Freshness freshness,
    ICommitLease lease
)
{
    /// <summary>Between so many milliseconds and as many more its reader comes back after the end.</summary>
    private const int Retry = 1_000;

    public async Task HandleAsync(
        HttpContext context,
        LiveStream stream,
        LiveView view,
        MastodonSite site
    )
    {
        var writer = new EventWriter(context.Response.BodyWriter, stream);
        var why = await FollowAsync(context, stream, view, site, writer);
        if (why != LiveEnd.Gone && !context.RequestAborted.IsCancellationRequested)
        {
            writer.End(why);
            await writer.FlushAsync();
        }
    }

    private async Task<LiveEnd> FollowAsync(
        HttpContext context,
        LiveStream stream,
        LiveView view,
        MastodonSite site,
        EventWriter writer
    )
    {
        try
        {
            var last = context.Request.Headers["Last-Event-ID"].ToString();
            LivePosition? since = LivePosition.TryParse(last, out var sent) ? sent : null;
            writer.Open(
                since is { } known && known.Or(stream.Start) == stream.Start ? known : stream.Start,
                Retry + (stream.Number * 37 % Retry)
            );
            await writer.FlushAsync();
            if (last.Length > 0)
            {
                var token = context.RequestAborted;
                await replay.HandleAsync(since, stream, view, site, writer, token);
                writer.At(stream.Start);
                await writer.FlushAsync();
            }

            while (await stream.WaitAsync())
            {
                while (stream.Take() is { } next)
                {
                    if (await RefuseAsync(context, stream, next))
                    {
                        return LiveEnd.Token;
                    }

                    if (!await WriteAsync(next, view, site, writer, context.RequestAborted))
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

    /// <summary>Asked with every sign of life, and at once where sessions of the account have ended.</summary>
    private async ValueTask<bool> RefuseAsync(
        HttpContext context,
        LiveStream stream,
        LiveEvent next
    ) =>
        stream.Viewer is not null
        && next.Kind is LiveKind.Thump or LiveKind.Sessions
        && (
            freshness.RefuseTokens() is not null
            || await callers.RefuseEndedAsync(context, RequestFields.OfQuery(context)) is not null
        );

    /// <summary>False where nobody knows whether what is known is all that was acknowledged.</summary>
    private async ValueTask<bool> WriteAsync(
        LiveEvent next,
        LiveView view,
        MastodonSite site,
        EventWriter writer,
        CancellationToken token
    )
    {
        switch (next.Kind)
        {
            case LiveKind.Thump:
                writer.Thump(next.At);
                break;
            case LiveKind.Delete:
                writer.Delete(next.At, next.Post);
                break;
            case LiveKind.Update:
                if (!lease.IsHeld && !await lease.RenewAsync(token))
                {
                    return false;
                }

                await UpdateAsync(next, view, site, writer, token);
                break;
        }

        return true;
    }

    /// <summary>Writes the post, where the viewer may see it now.</summary>
    public async ValueTask UpdateAsync(
        LiveEvent next,
        LiveView view,
        MastodonSite site,
        EventWriter writer,
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
            writer.Update(next.At, written.Span);
        }
    }
}
