using System.Net;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
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
            _time
        );

    [Fact]
    public void Sign_ups_are_counted_by_the_hour_and_network()
    {
        Assert.Equal(3, Granted(10, () => _limits.RefuseSignUp(Here)));
        var refused = _limits.RefuseSignUp(SameNetwork)!;
        Assert.Equal(ProblemKind.TooMany, refused.Kind);
        Assert.InRange(
            refused.RetryAfter!.Value,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromMinutes(20)
        );
        Assert.Null(_limits.RefuseSignUp(Elsewhere));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, Granted(10, () => _limits.RefuseSignUp(Here)));
    }

    [Fact]
    public void Log_ins_are_counted_by_address_and_by_name_in_any_case()
    {
        Assert.Equal(2, Granted(4, () => _limits.RefuseLogInAs("Ana")));
        Assert.NotNull(_limits.RefuseLogInAs("aNA"));
        Assert.Null(_limits.RefuseLogInAs("bob"));
        Assert.Equal(4, Granted(4, () => _limits.RefuseLogIn(Here)));
        Assert.Equal(1, Granted(5, () => _limits.RefuseLogIn(SameNetwork)));
        Assert.Null(_limits.RefuseLogIn(Elsewhere));
    }

    [Fact]
    public void A_token_is_no_free_guess_at_the_password()
    {
        var account = new AccountId(7);
        Assert.Equal(2, Granted(5, () => _limits.RefusePassword(account)));
        Assert.Null(_limits.RefusePassword(new AccountId(8)));
    }

    private static int Granted(int tries, Func<Problem?> refuse) =>
        Enumerable.Range(0, tries).Count(_ => refuse() is null);
}
