using Rookery.Reading;

namespace Rookery.Api.Mastodon;

/// <summary>The statuses that streams are about to send: each is read once for all of them, and written once for all to whom it looks the same.</summary>
internal sealed class SharedStatuses(ReadTimeline read, GatherStatuses gather, TimeProvider time)
{
    private const int Most = 1 << 10;

    /// <summary>By then nearly all have sent it; for who is later its numbers would be old.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly BoundedCache<PostId, SharedStatus> _recent = new(Most);

    /// <summary>Null for a post that stands no longer.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public async ValueTask<SharedStatus?> FindAsync(IReadOnlyList<PostId> post)
    {
        var shared = Of(post);
        return await shared.Status is null ? null : shared;
    }

    private SharedStatus Of(IReadOnlyList<PostId> post)
    {
        if (_recent.Find(post[0]) is { } held && IsFresh(held))
        {
            return held;
        }

        lock (_lock)
        {
            if (_recent.Find(post[0]) is { } other && IsFresh(other))
            {
                return other;
            }

            // Others wait for it: it must not end with the stream that began it.
            var made = new SharedStatus(ReadAsync(post), time.GetTimestamp());
            _recent.Put(post[0], made);
            return made;
        }
    }

    private bool IsFresh(SharedStatus shared) =>
        !shared.Status.IsFaulted && time.GetElapsedTime(shared.Since) < Lifetime;

    /// <summary>For whomever it is: who may see it is asked for each reader, and finds it in memory then.</summary>
    private async Task<Status?> ReadAsync(IReadOnlyList<PostId> post)
    {
        await Task.Yield();
        using var into = TimelinePage.Rent();
        var everybody = new ReadContext(null, Graph.HiddenAccounts.None, time.GetUtcNow())
        {
            SeesAll = true,
        };
        await read.PostsAsync(post, mutesHide: false, everybody, into, CancellationToken.None);
        var found = await gather.HandleAsync(into, CancellationToken.None);
        return found.Count > 0 ? found[0] : null;
    }
}

/// <summary>One status, and how it is written: for nobody in particular, for its author, for who has marked what it is of.</summary>
internal sealed class SharedStatus(Task<Status?> status, long since)
{
    /// <summary>Hosts are what clients write, so there may be any number of them.</summary>
    private const int MostForms = 16;

    private readonly Lock _lock = new();
    private readonly List<(Form Form, byte[] Written)> _written = [];

    public Task<Status?> Status => status;

    public long Since => since;

    /// <summary>The JSON, on one line.</summary>
    public ReadOnlyMemory<byte> Write(
        Status of,
        AccountId? viewer,
        ReadOnlySpan<ViewerFlags> flags,
        MastodonSite site
    )
    {
        var form = new Form(
            site.Origins,
            viewer is not null,
            (of.Reblog ?? of).Post.Author == viewer,
            of.Post.Author == viewer,
            flags[0],
            of.Reblog is null ? ViewerFlags.None : flags[1]
        );
        lock (_lock)
        {
            foreach (var (known, written) in _written)
            {
                if (known == form)
                {
                    return written;
                }
            }

            var made = WriteNow(Marked(of, form), viewer, site);
            if (_written.Count < MostForms)
            {
                _written.Add((form, made));
            }

            return made;
        }
    }

    private static Status Marked(Status of, in Form form) =>
        of with
        {
            Marks = form.Marks,
            Reblog = of.Reblog is { } original
                ? original with
                {
                    Marks = form.OriginalsMarks,
                }
                : null,
        };

    public static byte[] WriteNow(Status status, AccountId? viewer, MastodonSite site)
    {
        using var scratch = JsonScratch.Rent();
        StatusEntity.Write(scratch.Json, status, viewer, site);
        return scratch.Finish().ToArray();
    }

    /// <summary>All that two viewers' forms of it can differ in.</summary>
    private readonly record struct Form(
        (string Pages, string Media) Origins,
        bool IsForViewer,
        bool IsByViewer,
        bool IsRepostByViewer,
        ViewerFlags Marks,
        ViewerFlags OriginalsMarks
    );
}
