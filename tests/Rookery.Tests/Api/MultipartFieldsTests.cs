using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Rookery.Api;
using Rookery.Media;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Api;

public sealed class MultipartFieldsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(4, null)]
    [InlineData(40, ProblemKind.TooLarge)]
    public async Task Texts_beside_a_file_are_bounded_together(int texts, ProblemKind? problem)
    {
        using var folder = new TemporaryFolder();
        using var body = new MultipartFormDataContent();
        for (var i = 0; i < texts; i++)
        {
            body.Add(
                new StringContent(new string('x', 10_000)),
                i.ToString(CultureInfo.InvariantCulture)
            );
        }

        using var receive = new ReceiveUpload(
            new IncomingFolder(folder.Path),
            Options.Create(new MediaOptions { MinimumFreeBytes = 0 }),
            OwnMeters.Unheard(),
            TimeProvider.System
        );
        await using var place = receive.Open(new AccountId(1), RateKey.NoAddress).Value;
        var fields = new FieldTable();
        var found = await MultipartFields.ReadAsync(
            MediaTypeHeaderValue.Parse(body.Headers.ContentType!.ToString()),
            await body.ReadAsStreamAsync(Stop),
            fields,
            place,
            Stop
        );
        Assert.Equal(problem, found?.Kind);
        Assert.True(fields.TryGet("3", out _));
    }
}
