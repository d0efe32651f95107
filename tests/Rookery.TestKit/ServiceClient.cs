using System.Text.Json;

namespace Rookery.TestKit;

/// <summary>A trusted backend, over the service API.</summary>
internal sealed class ServiceClient(HttpClient http, string key)
{
    private readonly Caller _caller = new(http, key);

    public string Key => key;

    public async Task<AccountId> CreateUserAsync(string name, CancellationToken stop)
    {
        var answer = await _caller.SendAsync(HttpMethod.Post, "/users", new { name }, stop);
        return new AccountId(answer.Require(201).Id("id"));
    }

    public Task<Answer> DeleteUserAsync(AccountId user, CancellationToken stop) =>
        _caller.SendAsync(HttpMethod.Delete, $"/users/{user}", null, stop);

    public Task<Answer> PostAsync(
        AccountId user,
        string content,
        CancellationToken stop,
        string? key = null
    ) =>
        _caller.SendAsync(
            HttpMethod.Post,
            "/tweets",
            new { user_id = user.Value, content },
            stop,
            key
        );

    public Task<Answer> PostByIdAsync(PostId post, CancellationToken stop) =>
        _caller.SendAsync(HttpMethod.Get, $"/tweets/{post}", null, stop);

    public Task<Answer> DeletePostAsync(PostId post, CancellationToken stop) =>
        _caller.SendAsync(HttpMethod.Delete, $"/tweets/{post}", null, stop);

    public Task<Answer> FollowAsync(
        AccountId follower,
        AccountId followee,
        CancellationToken stop
    ) => RelateAsync(HttpMethod.Post, follower, followee, stop);

    public Task<Answer> UnfollowAsync(
        AccountId follower,
        AccountId followee,
        CancellationToken stop
    ) => RelateAsync(HttpMethod.Delete, follower, followee, stop);

    public async Task<List<PostId>> TimelineAsync(AccountId user, int count, CancellationToken stop)
    {
        var path = $"/timeline?user_id={user}&count={count}";
        var answer = await _caller.SendAsync(HttpMethod.Get, path, null, stop);
        return [.. answer.Require(200).Json.EnumerateArray().Select(TweetId)];
    }

    /// <summary>The latest ten.</summary>
    public async Task<List<PostId>> FeedAsync(AccountId user, CancellationToken stop)
    {
        var answer = await _caller.SendAsync(HttpMethod.Get, $"/feed/{user}", null, stop);
        return [.. answer.Require(200).Json.GetProperty("tweets").EnumerateArray().Select(TweetId)];
    }

    public async Task<List<AccountId>> FollowersAsync(AccountId user, CancellationToken stop)
    {
        var path = $"/followers?tweeter_id={user}";
        var answer = await _caller.SendAsync(HttpMethod.Get, path, null, stop);
        return
        [
            .. answer
                .Require(200)
                .Json.EnumerateArray()
                .Select(id => new AccountId(Answer.IdOf(id))),
        ];
    }

    private Task<Answer> RelateAsync(
        HttpMethod method,
        AccountId follower,
        AccountId followee,
        CancellationToken stop
    ) =>
        _caller.SendAsync(
            method,
            $"/follow/{follower}",
            new { followee_id = followee.Value },
            stop
        );

    private static PostId TweetId(JsonElement entry) =>
        new(Answer.IdOf(entry.GetProperty("tweet_id")));
}
