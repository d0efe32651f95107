using System.Net.Http.Headers;
using System.Net.Http.Json;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Faults;

/// <summary>Calls whose answer's header counts: a client must be told when to come again, and why.</summary>
internal static class Refused
{
    /// <summary>Asserts 503 with Retry-After and a text that has <paramref name="why"/>.</summary>
    public static async Task AssertAsync(
        HttpClient http,
        ClassicClient who,
        string act,
        object body,
        string why,
        CancellationToken stop
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/{act}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", who.Token);
        request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request, stop);
        await AssertAsync(response, why, act, stop);
    }

    public static async Task AssertNotReadyAsync(
        HttpClient http,
        string why,
        CancellationToken stop
    )
    {
        using var response = await http.GetAsync("/health/ready", stop);
        await AssertAsync(response, why, "ready", stop);
    }

    private static async Task AssertAsync(
        HttpResponseMessage response,
        string why,
        string about,
        CancellationToken stop
    )
    {
        var text = await response.Content.ReadAsStringAsync(stop);
        Assert.True((int)response.StatusCode == 503, $"{about}: {response.StatusCode} {text}");
        Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1), about);
        Assert.Contains(why, text, StringComparison.Ordinal);
    }
}
