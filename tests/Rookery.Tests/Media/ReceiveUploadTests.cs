using Microsoft.Extensions.Options;
using Rookery.Media;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Media;

public sealed class ReceiveUploadTests : IDisposable
{
    private static readonly AccountId One = new(1);
    private static readonly AccountId Another = new(2);

    private static readonly RateKey Here = RateKey.OfAddress4(1);
    private static readonly RateKey There = RateKey.OfAddress4(2);

    private readonly TemporaryFolder _folder = new();
    private readonly ReceiveUpload _receive;

    public ReceiveUploadTests() =>
        _receive = new ReceiveUpload(
            new IncomingFolder(_folder.Path),
            Options.Create(
                new MediaOptions
                {
                    MinimumFreeBytes = 0,
                    UploadsAtOnce = 3,
                    UploadsAtOncePerAccount = 2,
                    UploadsAtOncePerAddress = 2,
                }
            ),
            OwnMeters.Unheard(),
            TimeProvider.System
        );

    [Fact]
    public async Task One_account_takes_no_more_than_its_share_and_gets_it_back()
    {
        var first = _receive.Open(One, Here).Value;
        await using var second = _receive.Open(One, Here).Value;
        var refused = _receive.Open(One, Here).Problem;
        Assert.Equal(ProblemKind.TooMany, refused?.Kind);
        Assert.Contains("2 files", refused?.Detail, StringComparison.Ordinal);
        await first.DisposeAsync();
        await using var third = _receive.Open(One, Here).Value;
    }

    [Fact]
    public async Task Nobody_gets_a_place_where_all_are_taken_and_none_is_lost_by_asking()
    {
        await using var first = _receive.Open(One, Here).Value;
        await using var second = _receive.Open(One, Here).Value;
        var third = _receive.Open(Another, There).Value;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(ProblemKind.Unavailable, _receive.Open(Another, There).Problem?.Kind);
        }

        await third.DisposeAsync();
        await using var again = _receive.Open(Another, There).Value;
    }

    [Fact]
    public async Task One_address_takes_no_more_than_its_share_whosever_its_accounts_are()
    {
        var first = _receive.Open(One, Here).Value;
        await using var second = _receive.Open(Another, Here).Value;
        for (var account = 3; account < 6; account++)
        {
            var refused = _receive.Open(new AccountId(account), Here).Problem;
            Assert.Equal(ProblemKind.TooMany, refused?.Kind);
            Assert.Contains("2 files", refused?.Detail, StringComparison.Ordinal);
        }

        await using var third = _receive.Open(One, There).Value;
        await first.DisposeAsync();
        await using var fourth = _receive.Open(One, Here).Value;
    }

    public void Dispose()
    {
        _receive.Dispose();
        _folder.Dispose();
    }
}
