using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Rookery.Api;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Api;

public sealed class TrustedProxiesTests
{
    private const string Key = "the-key-of-this-test-0123456789";

    /// <summary>As many sign-ups an hour as one address may try.</summary>
    private const int Limit = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.0.0/16, 127.0.0.0/8")]
    public async Task A_trusted_proxys_clients_are_counted_each_by_itself(string trusted)
    {
        await using var world = await WorldAsync(trusted);

        Assert.False(await IsRefusedAfterManyAsync(world, i => $"203.0.113.{i}"));
        Assert.True(await IsRefusedAfterManyAsync(world, _ => "198.51.100.7"));
        // What a client wrote itself stands before what the proxy added.
        Assert.True(await IsRefusedAfterManyAsync(world, i => $"192.0.2.{i}, 198.51.100.8"));
        Assert.False(await IsRefusedAfterManyAsync(world, i => $"2001:db8:0:{i}::1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.2,10.1.0.0/16")]
    public async Task Nobody_else_is_believed(string trusted)
    {
        await using var world = await WorldAsync(trusted);

        Assert.True(await IsRefusedAfterManyAsync(world, i => $"203.0.113.{i}"));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("::1, 10.0.0.0/8", true)]
    [InlineData("haproxy.example.org", false)]
    [InlineData("127.0.0.1,10.0.0.0/33", false)]
    [InlineData("10.0.0.1/8", true)]
    public void Only_addresses_and_networks_can_be_set(string trusted, bool isRight)
    {
        var options = new ProxiesOptions { Trusted = trusted };

        var said = new List<ValidationResult>();
        Assert.Equal(
            isRight,
            Validator.TryValidateObject(options, new ValidationContext(options), said, true)
        );
        Assert.All(
            said,
            result =>
                Assert.Contains("Proxies:Trusted", result.ErrorMessage, StringComparison.Ordinal)
        );
        Assert.Equal(isRight, said.Count == 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1")]
    public async Task What_roles_say_to_each_other_comes_through_no_proxy(string trusted)
    {
        await using var world = await WorldAsync(trusted);

        Assert.Equal(HttpStatusCode.OK, await AskInternalAsync(world, null));
        Assert.Equal(HttpStatusCode.NotFound, await AskInternalAsync(world, "203.0.113.1"));
    }

    private static Task<World> WorldAsync(string trusted) =>
        World.EmptyAsync(
            Token,
            new Dictionary<string, string?>
            {
                ["Proxies:Trusted"] = trusted,
                ["Service:Key"] = Key,
                ["Accounts:SignUpsPerHourAndAddress"] = $"{Limit}",
            }
        );

    private static async Task<bool> IsRefusedAfterManyAsync(
        World world,
        Func<int, string> forwardedFor
    )
    {
        for (var i = 1; i <= 2 * Limit + 1; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/signup")
            {
                Headers = { { "X-Forwarded-For", forwardedFor(i) } },
                // Counted before it is read.
                Content = new StringContent("{}", Encoding.UTF8, "application/json"),
            };
            using var answer = await world.Server.Http.SendAsync(request, Token);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<HttpStatusCode> AskInternalAsync(World world, string? forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/accounts/unknown")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Key) },
            Content = new StringContent("""{"ids":[1]}""", Encoding.UTF8, "application/json"),
        };
        if (forwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        }

        using var answer = await world.Server.Http.SendAsync(request, Token);
        return answer.StatusCode;
    }
}
