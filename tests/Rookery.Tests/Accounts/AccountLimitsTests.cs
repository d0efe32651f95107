using System.Net;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Adapters.Memory;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Accounts;

public sealed class AccountLimitsTests
{
    private static readonly IPAddress Here = IPAddress.Parse("2001:db8:1:2::1");
    private static readonly IPAddress SameNetwork = IPAddress.Parse("2001:db8:1:2:ffff::9");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("198.51.100.7");

    private readonly FakeTime _time = new();
    private readonly AccountLimits _limits;

    public AccountLimitsTests() =>
        _limits = new AccountLimits(
            Options.Create(
                new AccountsOptions
                {
                    SignUpsPerHourAndAddress = 3,
                    LogInsPerMinuteAndAddress = 5,
                    LogInsPerMinuteAndName = 2,
                }
            ),
            new MemoryRateLimits(_time),
            OwnMeters.Unheard()
        );

    [Fact]
    public async Task Sign_ups_are_counted_by_the_hour_and_network()
    {
        Assert.Equal(3, await GrantedAsync(10, () => _limits.RefuseSignUpAsync(Here, Token)));
        var refused = (await _limits.RefuseSignUpAsync(SameNetwork, Token))!;
        Assert.Equal(ProblemKind.TooMany, refused.Kind);
        Assert.InRange(
            refused.RetryAfter!.Value,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromMinutes(20)
        );
        Assert.Null(await _limits.RefuseSignUpAsync(Elsewhere, Token));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, await GrantedAsync(10, () => _limits.RefuseSignUpAsync(Here, Token)));
    }

    [Fact]
    public async Task Log_ins_are_counted_by_address_and_by_name_in_any_case()
    {
        Assert.Equal(2, await GrantedAsync(4, () => _limits.RefuseLogInAsAsync("Ana", Token)));
        Assert.NotNull(await _limits.RefuseLogInAsAsync("aNA", Token));
        Assert.Null(await _limits.RefuseLogInAsAsync("bob", Token));
        Assert.Equal(4, await GrantedAsync(4, () => _limits.RefuseLogInAsync(Here, Token)));
        Assert.Equal(1, await GrantedAsync(5, () => _limits.RefuseLogInAsync(SameNetwork, Token)));
        Assert.Null(await _limits.RefuseLogInAsync(Elsewhere, Token));
    }

    [Fact]
    public async Task A_token_is_no_free_guess_at_the_password()
    {
        var account = new AccountId(7);
        Assert.Equal(2, await GrantedAsync(5, () => _limits.RefusePasswordAsync(account, Token)));
        Assert.Null(await _limits.RefusePasswordAsync(new AccountId(8), Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<int> GrantedAsync(int tries, Func<ValueTask<Problem?>> refuse)
    {
        var granted = 0;
        for (var i = 0; i < tries; i++)
        {
            granted += await refuse() is null ? 1 : 0;
        }

        return granted;
    }
}
