using Rookery.Adapters.Disk;
using Rookery.Media;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Media;

public sealed class DiskBlobStoreTests : BlobStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DiskBlobStoreTests() => Store = new DiskBlobStore(new DiskBlobFolder(Media));

    protected override IBlobStore Store { get; }

    private string Media => Path.Combine(_folder.Path, "media");

    [Fact]
    public async Task It_has_no_addresses() =>
        Assert.Null(
            await Store.AddressOfAsync(BlobName.Draw(MediaKind.Png), TimeSpan.FromMinutes(1), Stop)
        );

    [Fact]
    public async Task Nothing_but_blobs_is_left_in_the_folder_whatever_failed()
    {
        var (name, _) = await PutAsync(10);
        await A_content_of_another_length_than_was_said_stores_nothing(1);
        await A_content_that_breaks_off_stores_nothing();
        await A_put_that_is_cancelled_stores_nothing();
        Assert.Equal(
            [name.ToString()],
            Directory
                .EnumerateFiles(Media, "*", SearchOption.AllDirectories)
                .Select(Path.GetFileName)
        );
    }

    [Fact]
    public async Task Nobody_else_may_read_the_files()
    {
        var (name, _) = await PutAsync(10);
        var file = Directory.EnumerateFiles(Media, name.ToString(), SearchOption.AllDirectories);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(file.Single())
        );
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_is_named()
    {
        await File.WriteAllTextAsync(Media, "in the way", Stop);
        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => PutAsync(10));
        Assert.Contains(Media, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Media, fault.Told!, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
