using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Api;
using Xunit;

namespace Rookery.Tests.Api;

/// <summary>Answers while it is not certain that all is known that was acknowledged elsewhere.</summary>
public sealed class FreshnessTests : IAsyncLifetime
{
    private readonly ScriptedLease _lease = new();
    private ApiHost _host = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _host = await ApiHost.StartAsync(
            routes =>
            {
                foreach (var auth in Enum.GetValues<AuthKind>())
                {
                    Endpoints.Map(
                        routes,
                        HttpMethods.Get,
                        $"/{auth}",
                        context =>
                        {
                            context.Response.StatusCode = StatusCodes.Status204NoContent;
                            return Task.FromResult<Problem?>(null);
                        },
                        new RouteDoc("Answers.", auth)
                    );
                }
            },
            services => services.AddSingleton<ICommitLease>(_lease)
        );

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_lease_that_can_be_renewed_leaves_no_trace()
    {
        (_lease.Lapsed, _lease.CanRenew) = (TimeSpan.FromSeconds(60), true);

        using var answer = await GetAsync(AuthKind.Token);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.False(answer.Headers.Contains(Freshness.Header));
    }

    [Theory]
    [InlineData(AuthKind.None)]
    [InlineData(AuthKind.Token)]
    [InlineData(AuthKind.OptionalToken)]
    [InlineData(AuthKind.ServiceKey)]
    internal async Task For_some_seconds_answers_go_on_and_say_how_old_they_may_be(AuthKind auth)
    {
        _lease.Lapsed = TimeSpan.FromSeconds(4.5);

        using var answer = await GetAsync(auth, "some-token");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("4", Assert.Single(answer.Headers.GetValues(Freshness.Header)));
    }

    [Theory]
    [InlineData(AuthKind.None, HttpStatusCode.NoContent)]
    [InlineData(AuthKind.Token, HttpStatusCode.ServiceUnavailable)]
    [InlineData(AuthKind.OptionalToken, HttpStatusCode.ServiceUnavailable)]
    [InlineData(AuthKind.ServiceKey, HttpStatusCode.NoContent)]
    internal async Task After_that_only_a_token_that_may_have_been_revoked_is_refused(
        AuthKind auth,
        HttpStatusCode expected
    )
    {
        _lease.Lapsed = TimeSpan.FromSeconds(6);

        using var answer = await GetAsync(auth, "some-token");

        Assert.Equal(expected, answer.StatusCode);
        using var anonymous = await GetAsync(AuthKind.OptionalToken);
        Assert.Equal(HttpStatusCode.NoContent, anonymous.StatusCode);
        foreach (var name in (string[])["auth_token", "access_token"])
        {
            using var inQuery = await _host.Client.GetAsync($"/{auth}?{name}=some-token", Stop);
            Assert.Equal(expected, inQuery.StatusCode);
        }
    }

    private Task<HttpResponseMessage> GetAsync(AuthKind auth, string? token = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/{auth}");
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        return _host.Client.SendAsync(request, Stop);
    }
}
