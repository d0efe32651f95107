using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Graph;
using Rookery.Media;
using Rookery.Posts;
using Rookery.Reading;
using Rookery.Web.Visits;

namespace Rookery.Web.Settings;

/// <summary>
/// A copy of what is a member's own, for the member alone, written while it is read: however much it is, little of it is in memory. One that breaks off ends with the
/// connection, so that a part is not taken for the whole.
/// </summary>
internal sealed class ExportPages(
    SiteRoutes site,
    IPosts posts,
    IAccounts accounts,
    StreamFollows follows,
    ListMembers members
)
{
    private const int Chunk = Page.MaxCount;

    /// <summary>Bytes that are gathered before they are sent.</summary>
    private const int FlushBytes = 16 * 1024;

    // As Mastodon writes and reads them: lists from here are imported there.
    private const string FollowsHead =
        "Account address,Show boosts,Notify on new posts,Languages\n";
    private const string MutesHead = "Account address,Hide notifications\n";

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(
            routes,
            SettingsPages.Root + "/export/posts.jsonl",
            "All that a member has posted, one line of JSON for each",
            PostsAsync,
            Visiting.Members,
            RouteLimit.Searches
        );
        site.Page(
            routes,
            SettingsPages.Root + "/export/follows.csv",
            "Whom a member follows",
            FollowsAsync,
            Visiting.Members,
            RouteLimit.Searches
        );
        site.Page(
            routes,
            SettingsPages.Root + "/export/blocks.csv",
            "Whom a member blocks",
            visit => HiddenAsync(visit, "blocks", new BlocksOf(visit.Member.Id), "", ""),
            Visiting.Members,
            RouteLimit.Searches
        );
        site.Page(
            routes,
            SettingsPages.Root + "/export/mutes.csv",
            "Whom a member mutes",
            visit => HiddenAsync(visit, "mutes", new MutesOf(visit.Member.Id), MutesHead, ",true"),
            Visiting.Members,
            RouteLimit.Searches
        );
    }

    private async Task<Problem?> PostsAsync(Visit visit)
    {
        var origin = SiteAddress.OfPages(visit.Context.Request);
        var profile = $"{origin}/@{visit.Member.Username}";
        return await SendAsync(
            visit,
            "application/jsonl; charset=utf-8",
            $"{visit.Member.Username}-posts.jsonl",
            "",
            ReadPostsAsync(visit),
            post => LineOf(post, origin, profile)
        );
    }

    private async Task<Problem?> FollowsAsync(Visit visit)
    {
        var list = new FolloweesOf(visit.Member.Id);
        var found = await follows.HandleAsync(list, "username", visit.Gone);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        return await SendNamesAsync(visit, "follows", found.Value, FollowsHead, ",true,false,");
    }

    private Task<Problem?> HiddenAsync(
        Visit visit,
        string what,
        MemberList list,
        string head,
        string behind
    ) => SendNamesAsync(visit, what, ReadMembersAsync(list, visit), head, behind);

    private Task<Problem?> SendNamesAsync(
        Visit visit,
        string what,
        IAsyncEnumerable<AccountId> all,
        string head,
        string behind
    )
    {
        var host = visit.Context.Request.Host.Value;
        return SendAsync(
            visit,
            "text/csv; charset=utf-8",
            $"{visit.Member.Username}-{what}.csv",
            head,
            ReadNamesAsync(all, visit),
            name => Encoding.UTF8.GetBytes($"{name}@{host}{behind}\n")
        );
    }

    /// <summary>What the first read throws becomes a page that says so.</summary>
    private static async Task<Problem?> SendAsync<T>(
        Visit visit,
        string contentType,
        string fileName,
        string head,
        IAsyncEnumerable<T> all,
        Func<T, byte[]> lineOf
    )
    {
        var response = visit.Context.Response;
        await using var each = all.GetAsyncEnumerator(visit.Gone);
        var more = await each.MoveNextAsync();
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        await response.StartAsync(visit.Gone);
        var pipe = response.BodyWriter;
        await pipe.WriteAsync(Encoding.UTF8.GetBytes(head), visit.Gone);
        for (; more; more = await each.MoveNextAsync())
        {
            var line = lineOf(each.Current);
            line.CopyTo(pipe.GetSpan(line.Length));
            pipe.Advance(line.Length);
            if (pipe.UnflushedBytes >= FlushBytes)
            {
                await pipe.FlushAsync(visit.Gone);
            }
        }

        await pipe.FlushAsync(visit.Gone);
        return null;
    }

    /// <summary>From the first to the newest.</summary>
    private async IAsyncEnumerable<Post> ReadPostsAsync(Visit visit)
    {
        var list = new PostList.ByAuthor(visit.Member.Id);
        for (var after = new PostId(0); ; )
        {
            var ids = await posts.ListAsync(list, new Page(Chunk, MinId: after), visit.Gone);
            if (ids.Count == 0)
            {
                yield break;
            }

            var found = await posts.GetManyAsync(ids.ToArray(), visit.Gone);
            foreach (var post in found.OrderBy(post => post.Id))
            {
                yield return post;
            }

            after = ids[0];
        }
    }

    /// <summary>From the newest account to the first.</summary>
    private async IAsyncEnumerable<AccountId> ReadMembersAsync(MemberList list, Visit visit)
    {
        PostId? below = null;
        while (true)
        {
            var page = new Page(Chunk, below);
            var found = await members.HandleAsync(list, page, "username", visit.Gone);
            var ids = found.Succeeded ? found.Value.Accounts : [];
            foreach (var id in ids)
            {
                yield return id;
            }

            if (ids.Count < Chunk)
            {
                yield break;
            }

            below = new PostId(ids[^1].Value);
        }
    }

    private async IAsyncEnumerable<string> ReadNamesAsync(
        IAsyncEnumerable<AccountId> all,
        Visit visit
    )
    {
        var chunk = new List<AccountId>(Chunk);
        await foreach (var one in all.WithCancellation(visit.Gone))
        {
            chunk.Add(one);
            if (chunk.Count < Chunk)
            {
                continue;
            }

            foreach (var name in await NamesAsync(chunk, visit.Gone))
            {
                yield return name;
            }

            chunk.Clear();
        }

        foreach (var name in await NamesAsync(chunk, visit.Gone))
        {
            yield return name;
        }
    }

    private async ValueTask<IEnumerable<string>> NamesAsync(
        List<AccountId> some,
        CancellationToken token
    ) =>
        some.Count == 0
            ? []
            : (await accounts.CardsAsync(some.ToArray(), token))
                .OrderBy(card => card.Id)
                .Select(card => card.Username);

    private static byte[] LineOf(Post post, string origin, string profile)
    {
        using var scratch = JsonScratch.Rent();
        var json = scratch.Json;
        json.WriteStartObject();
        json.WriteTextId("id", post.Id);
        json.WriteIsoTime("created_at", post.Id.CreatedAt);
        json.WriteString("kind", NameOf(post.Kind));
        json.WriteString("visibility", RenderEntry.NameOf(post.Visibility));
        json.WriteString("text", post.Text);
        WarningFields.Write(json, post);
        WriteMedia(json, post.Media, origin);
        if (post.Parent.Value != 0)
        {
            json.WriteTextId("in_reply_to", post.Parent);
        }

        if (post.Original.Value != 0)
        {
            json.WriteTextId("repost_of", post.Original);
        }

        json.WriteNumber("likes", post.Counts.Likes);
        json.WriteNumber("reposts", post.Counts.Reposts);
        json.WriteNumber("replies", post.Counts.Replies);
        json.WriteString("url", $"{profile}/{post.Id}");
        json.WriteEndObject();
        return [.. scratch.Finish().Span, (byte)'\n'];
    }

    private static void WriteMedia(
        Utf8JsonWriter json,
        IReadOnlyList<Attachment> media,
        string origin
    )
    {
        json.WriteStartArray("media");
        foreach (var medium in media)
        {
            json.WriteStartObject();
            json.WriteString("url", $"{origin}{BlobName.Path}{medium.Blob}");
            json.WriteString("description", medium.Description);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string NameOf(PostKind kind) =>
        kind switch
        {
            PostKind.Reply => "reply",
            PostKind.Repost => "repost",
            _ => "post",
        };
}
