using Rookery.Media;
using Xunit;

namespace Rookery.Tests.Media;

public sealed class BlobNameTests
{
    private const string Digits = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void A_name_of_a_kind_to_come_is_enough_to_remove_its_blob_and_never_served()
    {
        Assert.Null(BlobName.Parse($"{Digits}.avif"));
        Assert.Equal($"{Digits}.avif", BlobName.ParseStored($"{Digits}.avif")?.ToString());
        Assert.Equal(MediaKind.WebP, BlobName.ParseStored($"{Digits}.webp")?.Kind);
    }

    [Theory]
    [InlineData($"{Digits}.")]
    [InlineData($"{Digits}./..")]
    [InlineData($"{Digits}.a.b")]
    [InlineData($"{Digits}.extension")]
    [InlineData($"../{Digits}.jpg")]
    [InlineData("0123.jpg")]
    [InlineData(null)]
    public void What_could_leave_its_folder_is_no_name(string? text)
    {
        Assert.Null(BlobName.ParseStored(text));
        Assert.Null(BlobName.Parse(text));
    }
}
