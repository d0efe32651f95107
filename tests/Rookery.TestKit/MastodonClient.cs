using System.Text.Json;

namespace Rookery.TestKit;

/// <summary>What a search as Mastodon's clients ask it found.</summary>
internal sealed record MastodonFound(Answer Answer)
{
    public IReadOnlyList<JsonElement> Accounts => Of("accounts");

    public IReadOnlyList<JsonElement> Statuses => Of("statuses");

    public IReadOnlyList<JsonElement> Hashtags => Of("hashtags");

    public IReadOnlyList<string> Usernames => Names(Accounts, "username");

    public IReadOnlyList<PostId> Ids =>
        [.. Statuses.Select(status => new PostId(Answer.IdOf(status.GetProperty("id"))))];

    public IReadOnlyList<string> Tags => Names(Hashtags, "name");

    private List<JsonElement> Of(string category) =>
        [.. Answer.Json.GetProperty(category).EnumerateArray()];

    private static List<string> Names(IReadOnlyList<JsonElement> all, string name) =>
        [.. all.Select(one => one.GetProperty(name).GetString()!)];
}

/// <summary>Asks as Mastodon's clients do; without a token where none is named.</summary>
internal sealed class MastodonClient(HttpClient http, string? token = null)
{
    private readonly Caller _caller = new(http, token);

    /// <param name="query">With <c>q=</c> and all that follows, encoded.</param>
    public Task<Answer> AskAsync(string query, CancellationToken stop) =>
        _caller.SendAsync(HttpMethod.Get, $"/api/v2/search?{query}", null, stop);

    public async Task<MastodonFound> SearchAsync(string query, CancellationToken stop)
    {
        var answer = (await AskAsync(query, stop)).Require(200);
        return MastodonShape.WrongWith(answer.Json, "Search") is { Count: > 0 } wrong
            ? throw new InvalidOperationException(string.Join('\n', wrong))
            : new MastodonFound(answer);
    }
}
