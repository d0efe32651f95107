using System.Text.Json;

namespace Rookery.TestKit;

/// <summary>What a person was told, as Mastodon's clients ask for it.</summary>
internal sealed class NotifiedClient(HttpClient http, string token)
{
    private readonly Caller _caller = new(http, token);

    public Task<Answer> GetAsync(string path, CancellationToken stop) =>
        _caller.SendAsync(HttpMethod.Get, path, null, stop);

    public Task<Answer> PostAsync(string path, CancellationToken stop, object? body = null) =>
        _caller.SendAsync(HttpMethod.Post, path, body, stop);

    /// <summary>Each with all that a strict client wants of it.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(
        CancellationToken stop,
        string query = ""
    )
    {
        var answer = (await GetAsync($"/api/v1/notifications?{query}", stop)).Require(200);
        return Checked([.. answer.Json.EnumerateArray()], "Notification");
    }

    public async Task<IReadOnlyList<JsonElement>> GroupsAsync(
        CancellationToken stop,
        string query = ""
    )
    {
        var answer = (await GetAsync($"/api/v2/notifications?{query}", stop)).Require(200);
        _ = Checked([answer.Json], "GroupedNotifications");
        return [.. answer.Json.GetProperty("notification_groups").EnumerateArray()];
    }

    /// <summary>Type, who did it, and the post; 0 for a follow.</summary>
    public async Task<IReadOnlyList<(string Type, string By, long Post)>> ToldAsync(
        CancellationToken stop,
        string query = ""
    ) =>
        [
            .. (await ListAsync(stop, query)).Select(one =>
                (
                    one.GetProperty("type").GetString()!,
                    one.GetProperty("account").GetProperty("username").GetString()!,
                    one.TryGetProperty("status", out var status)
                        ? Answer.IdOf(status.GetProperty("id"))
                        : 0
                )
            ),
        ];

    public async Task<int> UnreadAsync(CancellationToken stop) =>
        (await GetAsync("/api/v1/notifications/unread_count", stop))
            .Require(200)
            .Json.GetProperty("count")
            .GetInt32();

    private static IReadOnlyList<JsonElement> Checked(
        IReadOnlyList<JsonElement> all,
        string entity
    ) =>
        all.SelectMany(one => MastodonShape.WrongWith(one, entity)).ToList() is { Count: > 0 } wrong
            ? throw new InvalidOperationException(string.Join('\n', wrong))
            : all;
}
