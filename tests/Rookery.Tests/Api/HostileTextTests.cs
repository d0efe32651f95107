using System.Net;
using System.Text;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Api;

/// <summary>Text from outside that is well-formed and still makes what normalises or folds it stumble.</summary>
public sealed class HostileTextTests
{
    /// <summary>Noncharacters, marks without a letter, joiners, a letter that unfolds into eighteen, fillers, private use, the last code point.</summary>
    private static readonly string[] Texts =
    [
        "\uFFFE",
        "\uFFFF",
        "\U0001FFFE",
        "a\uFFFEb",
        "\u0301",
        "a" + new string('\u0301', 90),
        "\u200D\u200C",
        "\uFDFA",
        "\u3164",
        "\uE000",
        "\U0010FFFF",
        "\u0130\u00DF",
        "\"\"\"",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_well_formed_text_in_a_query_makes_the_server_fail()
    {
        await using var world = await World.EmptyAsync(Token);
        foreach (var text in Texts)
        {
            foreach (
                var path in new[] { "search?query=", "hashtag_timeline?hashtag=", "user?username=" }
            )
            {
                var url = $"/api/v1/{path}{Uri.EscapeDataString(text)}";
                using var answer = await world.Server.Http.GetAsync(url, Token);
                Assert.True((int)answer.StatusCode < 500, $"{url}: {answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task No_well_formed_text_in_a_body_makes_the_server_fail()
    {
        await using var world = await World.EmptyAsync(Token);
        var ana = await world.SignUpAsync("ana", Token);
        foreach (var text in Texts)
        {
            var sent = text.Replace("\"", "\\\"", StringComparison.Ordinal);
            var bodies = new Dictionary<string, string>
            {
                ["tweet"] =
                    $$"""{"user_id":"{{ana.Id}}","status":"#{{sent}} {{sent}} @{{sent}}"}""",
                ["profile"] = $$"""{"name":"{{sent}}","bio":"{{sent}}"}""",
                ["login"] = $$"""{"username":"{{sent}}","password":"{{sent}}"}""",
                ["signup"] =
                    $$"""{"username":"{{sent}}","email":"{{sent}}@example.org","password":"plover ice tern {{sent}}"}""",
                ["password"] = $$"""{"password":"{{sent}}","new_password":"plover {{sent}}"}""",
            };
            foreach (var (name, body) in bodies)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/{name}");
                request.Headers.Authorization = new("Bearer", ana.Token);
                request.Content = new StringContent(body, Encoding.UTF8, Requests.Json);
                using var answer = await world.Server.Http.SendAsync(request, Token);
                Assert.True((int)answer.StatusCode < 500, $"{body}: {answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task A_query_with_a_noncharacter_is_named()
    {
        await using var world = await World.EmptyAsync(Token);
        using var answer = await world.Server.Http.GetAsync(
            "/api/v1/search?query=%EF%BF%BE",
            Token
        );
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            "\"query\"",
            await answer.Content.ReadAsStringAsync(Token),
            StringComparison.Ordinal
        );
    }
}
