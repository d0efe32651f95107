using System.Text.Json;
using Rookery.Posts;

namespace Rookery.TestKit;

/// <summary>One person with a token, over the client API.</summary>
internal sealed class ClassicClient(HttpClient http, AccountId id, string username, string token)
{
    public const string Password = "correct horse battery";

    private readonly Caller _caller = new(http, token);

    public AccountId Id => id;

    public string Username => username;

    public string Token => token;

    public static async Task<ClassicClient> SignUpAsync(
        HttpClient http,
        string username,
        CancellationToken stop
    )
    {
        var answer = await new Caller(http, null).SendAsync(
            HttpMethod.Post,
            "/api/v1/signup",
            new
            {
                username,
                email = $"{username}@example.org",
                password = Password,
            },
            stop
        );
        return new ClassicClient(
            http,
            new AccountId(answer.Require(201).Id("user_id")),
            username,
            answer.Json.GetProperty("auth_token").GetString()!
        );
    }

    /// <summary>The answer to the right name and password, and the same person with the session that it opened, if it did.</summary>
    public async Task<(Answer Answer, ClassicClient? Again)> LogInAsync(
        HttpClient at,
        CancellationToken stop
    )
    {
        var answer = await new Caller(at, null).SendAsync(
            HttpMethod.Post,
            "/api/v1/login",
            new { username, password = Password },
            stop
        );
        return (
            answer,
            answer.Status == 200
                ? new ClassicClient(
                    at,
                    id,
                    username,
                    answer.Json.GetProperty("auth_token").GetString()!
                )
                : null
        );
    }

    public Task<Answer> ReportAsync(
        AccountId account,
        IReadOnlyList<PostId> posts,
        string comment,
        CancellationToken stop
    ) =>
        _caller.SendAsync(
            HttpMethod.Post,
            "/api/v1/reports",
            new
            {
                account_id = account.ToString(),
                status_ids = posts.Select(post => post.ToString()),
                comment,
            },
            stop
        );

    /// <summary>The same person on a server that was started again.</summary>
    public ClassicClient At(HttpClient other) => new(other, id, username, token);

    /// <param name="visibility">Null: it is not sent.</param>
    public Task<Answer> PostAsync(
        string status,
        CancellationToken stop,
        Visibility? visibility = Visibility.Public,
        PostId? inReplyTo = null,
        string? key = null,
        string warning = "",
        params IReadOnlyList<MediaId> media
    )
    {
        var body = new Dictionary<string, object>
        {
            ["user_id"] = id.ToString(),
            ["status"] = status,
        };
        if (visibility is { } given)
        {
            body["visibility"] = NameOf(given);
        }

        if (inReplyTo is { } parent)
        {
            body["in_reply_to"] = parent.ToString();
        }

        if (warning.Length > 0)
        {
            body["spoiler_text"] = warning;
        }

        if (media.Count > 0)
        {
            body["media_ids"] = media.Select(medium => medium.ToString());
        }

        return _caller.SendAsync(HttpMethod.Post, "/api/v1/tweet", body, stop, key);
    }

    public Task<Answer> DeleteAsync(PostId post, CancellationToken stop) =>
        _caller.SendAsync(HttpMethod.Delete, $"/api/v1/tweet/{post}", null, stop);

    /// <summary>like, unlike, repost, unrepost.</summary>
    public Task<Answer> MarkAsync(string act, PostId post, CancellationToken stop) =>
        _caller.SendAsync(
            HttpMethod.Post,
            $"/api/v1/{act}",
            new { tweet_id = post.ToString() },
            stop
        );

    /// <summary>follow, unfollow, block, unblock, mute, unmute.</summary>
    public Task<Answer> RelateAsync(string act, AccountId other, CancellationToken stop) =>
        _caller.SendAsync(
            HttpMethod.Post,
            $"/api/v1/{act}",
            new { user_id = other.ToString() },
            stop
        );

    public async Task<List<Entry>> HomeAsync(Page page, CancellationToken stop) =>
        Entry.Many(await ReadHomeAsync(page, stop));

    /// <summary>Null where the server says that it cannot now (503), or a balancer that none does.</summary>
    public async Task<List<Entry>?> TryHomeAsync(Page page, CancellationToken stop) =>
        await ReadHomeAsync(page, stop) is { Status: not (502 or 503 or 504) } answer
            ? Entry.Many(answer)
            : null;

    private Task<Answer> ReadHomeAsync(Page page, CancellationToken stop)
    {
        var path = Caller.Query($"/api/v1/home_timeline?user_id={id}", page, "&");
        return _caller.SendAsync(HttpMethod.Get, path, null, stop);
    }

    public async Task<List<Entry>> UserTimelineAsync(
        AccountId author,
        Page page,
        CancellationToken stop
    )
    {
        var path = Caller.Query($"/api/v1/user_timeline?user_id={author}", page, "&");
        return Entry.Many(await _caller.SendAsync(HttpMethod.Get, path, null, stop));
    }

    public Task<Answer> UserAsync(AccountId other, CancellationToken stop) =>
        _caller.SendAsync(HttpMethod.Get, $"/api/v1/user?user_id={other}", null, stop);

    public Task<Answer> RelationshipsAsync(AccountId other, CancellationToken stop) =>
        _caller.SendAsync(HttpMethod.Get, $"/api/v1/relationships?user_ids={other}", null, stop);

    public Task<Answer> SearchAsync(string query, CancellationToken stop) =>
        _caller.SendAsync(HttpMethod.Get, $"/api/v1/search?query={query}", null, stop);

    /// <summary>Accounts or hashtags: <paramref name="what"/> is <c>users</c> or <c>hashtags</c>.</summary>
    public Task<Answer> SearchNamesAsync(string what, string query, CancellationToken stop) =>
        _caller.SendAsync(HttpMethod.Get, $"/api/v1/search_{what}?query={query}", null, stop);

    public Task<Answer> EditProfileAsync(object edit, CancellationToken stop) =>
        _caller.SendAsync(HttpMethod.Post, "/api/v1/profile", edit, stop);

    public Task<Answer> LogOutAsync(CancellationToken stop) =>
        _caller.SendAsync(HttpMethod.Post, "/api/v1/logout", null, stop);

    public Task<Answer> DeleteAccountAsync(CancellationToken stop) =>
        _caller.SendAsync(
            HttpMethod.Post,
            "/api/v1/delete_account",
            new { password = Password },
            stop
        );

    public static string NameOf(Visibility visibility) =>
        visibility switch
        {
            Visibility.Public => "public",
            Visibility.Unlisted => "unlisted",
            Visibility.Followers => "followers",
            _ => "direct",
        };
}

/// <summary>One entry of a timeline as the client API shows it.</summary>
internal sealed record Entry(PostId Id, AccountId Author, string Text, JsonElement Json)
{
    public PostId Original =>
        Json.GetProperty("repost_of") is { ValueKind: JsonValueKind.Object } original
            ? new PostId(Answer.IdOf(original.GetProperty("tweet_id")))
            : default;

    public static List<Entry> Many(Answer answer) =>
        [.. answer.Require(200).Json.EnumerateArray().Select(Of)];

    public string Warning => Json.GetProperty("spoiler_text").GetString()!;

    private static Entry Of(JsonElement entry) =>
        new(
            new PostId(Answer.IdOf(entry.GetProperty("tweet_id"))),
            new AccountId(Answer.IdOf(entry.GetProperty("user_id"))),
            entry.GetProperty("status").GetString()!,
            entry
        );
}
