using Microsoft.Extensions.Options;
using Rookery.Media;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Media;

public sealed class ReceiveUploadTests : IDisposable
{
    private static readonly AccountId One = new(1);
    private static readonly AccountId Another = new(2);

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
                }
            ),
            TimeProvider.System
        );

    [Fact]
    public async Task One_account_takes_no_more_than_its_share_and_gets_it_back()
    {
        var first = _receive.Open(One).Value;
        await using var second = _receive.Open(One).Value;
        var refused = _receive.Open(One).Problem;
        Assert.Equal(ProblemKind.TooMany, refused?.Kind);
        Assert.Contains("2 files", refused?.Detail, StringComparison.Ordinal);
        await first.DisposeAsync();
        await using var third = _receive.Open(One).Value;
    }

    [Fact]
    public async Task Nobody_gets_a_place_where_all_are_taken_and_none_is_lost_by_asking()
    {
        await using var first = _receive.Open(One).Value;
        await using var second = _receive.Open(One).Value;
        var third = _receive.Open(Another).Value;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(ProblemKind.Unavailable, _receive.Open(Another).Problem?.Kind);
        }

        await third.DisposeAsync();
        await using var again = _receive.Open(Another).Value;
    }

    public void Dispose()
    {
        _receive.Dispose();
        _folder.Dispose();
    }
}
