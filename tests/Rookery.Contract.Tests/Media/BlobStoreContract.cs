using Rookery.Media;
using Xunit;

namespace Rookery.Contract.Tests.Media;

/// <summary>What every store of blobs promises.</summary>
public abstract class BlobStoreContract
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected abstract IBlobStore Store { get; }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task What_was_put_is_read_byte_for_byte(int length)
    {
        var (name, bytes) = await PutAsync(length);
        var (part, read) = await ReadAsync(name, null);
        Assert.Equal(bytes, read);
        Assert.Equal((0, length, length), (part.Offset, part.Length, part.Total));
    }

    [Theory]
    [InlineData(0L, 0L, 0, 1)]
    [InlineData(10L, 19L, 10, 10)]
    [InlineData(90L, null, 90, 10)]
    [InlineData(90L, 1000L, 90, 10)]
    [InlineData(99L, 99L, 99, 1)]
    [InlineData(null, 7L, 93, 7)]
    [InlineData(null, 1000L, 0, 100)]
    public async Task A_part_is_read(long? first, long? last, int offset, int length)
    {
        var (name, bytes) = await PutAsync(100);
        var (part, read) = await ReadAsync(name, new BlobRange(first, last));
        Assert.Equal((offset, length, 100), (part.Offset, part.Length, part.Total));
        Assert.Equal(bytes[offset..(offset + length)], read);
    }

    [Fact]
    public async Task A_part_past_the_end_is_empty_and_says_how_long_the_blob_is()
    {
        var (name, _) = await PutAsync(100);
        var (part, read) = await ReadAsync(name, new BlobRange(100, null));
        Assert.Empty(read);
        Assert.Equal((0, 100), (part.Length, part.Total));
    }

    [Fact]
    public async Task What_was_never_put_is_not_there()
    {
        Assert.Null(await Store.OpenAsync(BlobName.Draw(MediaKind.Png), null, Stop));
        Assert.Null(await Store.OpenAsync(BlobName.Draw(MediaKind.Png), new BlobRange(5, 6), Stop));
    }

    [Fact]
    public async Task What_was_deleted_is_not_there_and_deleting_it_again_is_fine()
    {
        var (name, _) = await PutAsync(10);
        var (other, _) = await PutAsync(10);
        await Store.DeleteAsync(name, Stop);
        await Store.DeleteAsync(name, Stop);
        Assert.Null(await Store.OpenAsync(name, null, Stop));
        Assert.Equal(10, (await ReadAsync(other, null)).Read.Length);
    }

    [Fact]
    public async Task Putting_a_name_again_replaces_it_as_a_whole()
    {
        var (name, _) = await PutAsync(1000);
        var again = Bytes(10);
        await Store.PutAsync(name, new MemoryStream(again), again.Length, "image/png", Stop);
        Assert.Equal(again, (await ReadAsync(name, null)).Read);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_content_of_another_length_than_was_said_stores_nothing(int more)
    {
        foreach (var length in (int[])[1, 50, 70_000, LargeBytes])
        {
            var name = BlobName.Draw(MediaKind.Png);
            await Assert.ThrowsAsync<InvalidDataException>(() =>
                Store.PutAsync(
                    name,
                    new MemoryStream(Bytes(length + more)),
                    length,
                    "image/png",
                    Stop
                )
            );
            Assert.Null(await Store.OpenAsync(name, null, Stop));
        }
    }

    [Fact]
    public async Task A_content_that_breaks_off_stores_nothing()
    {
        foreach (var length in (int[])[1_000, LargeBytes])
        {
            var name = BlobName.Draw(MediaKind.Png);
            await Assert.ThrowsAnyAsync<Exception>(() =>
                Store.PutAsync(
                    name,
                    new BreakingStream(Bytes(length - 1)),
                    length,
                    "image/png",
                    Stop
                )
            );
            Assert.Null(await Store.OpenAsync(name, null, Stop));
        }
    }

    [Fact]
    public async Task A_put_that_is_cancelled_stores_nothing()
    {
        var name = BlobName.Draw(MediaKind.Png);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Store.PutAsync(name, new MemoryStream(Bytes(50)), 50, "image/png", cancelled.Token)
        );
        Assert.Null(await Store.OpenAsync(name, null, Stop));
    }

    [Fact]
    public async Task A_large_one_is_read_in_whole_and_in_part()
    {
        var (name, bytes) = await PutAsync(LargeBytes);
        var whole = await ReadAsync(name, null);
        Assert.True(bytes.AsSpan().SequenceEqual(whole.Read));
        var (part, read) = await ReadAsync(name, new BlobRange(LargeBytes - 3, null));
        Assert.Equal((LargeBytes - 3, 3, LargeBytes), (part.Offset, part.Length, part.Total));
        Assert.Equal(bytes[^3..], read);
    }

    [Fact]
    public async Task Many_at_the_same_time_do_not_get_mixed_up()
    {
        var all = await Task.WhenAll(Enumerable.Range(1, 20).Select(i => PutAsync(i * 1_000)));
        await Task.WhenAll(
            all.Select(async put => Assert.Equal(put.Bytes, (await ReadAsync(put.Name, null)).Read))
        );
    }

    /// <summary>More than two parts of whatever a store cuts large ones into.</summary>
    protected const int LargeBytes = (11 << 20) + 7;

    protected async Task<(BlobName Name, byte[] Bytes)> PutAsync(int length)
    {
        var (name, bytes) = (BlobName.Draw(MediaKind.Png), Bytes(length));
        await Store.PutAsync(name, new MemoryStream(bytes), length, "image/png", Stop);
        return (name, bytes);
    }

    protected async Task<(BlobPart Part, byte[] Read)> ReadAsync(BlobName name, BlobRange? range)
    {
        await using var part = await Store.OpenAsync(name, range, Stop);
        Assert.NotNull(part);
        var read = new byte[part.Length];
        await part.Content.ReadExactlyAsync(read, Stop);
        return (part, read);
    }

    protected static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Ends with a fault where it should end.</summary>
    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        ) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read
                ? read
                : throw new IOException("The reading broke off.");
    }
}
