using System.Buffers.Binary;
using System.Text;
using Rookery.Media;
using Rookery.Media.Pictures;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Media;

public sealed class ReadPictureTests
{
    private static readonly MediaOptions Limits = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> All => ["jpeg", "png", "gif", "webp", "moving webp"];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Nothing_is_left_of_what_a_picture_says_about_its_maker(string which)
    {
        var file = Sample(which);
        Assert.Contains(
            SamplePictures.Secret,
            Encoding.ASCII.GetString(file),
            StringComparison.Ordinal
        );
        var clean = await CleanAsync(file);
        Assert.DoesNotContain("GPS", Encoding.ASCII.GetString(clean), StringComparison.Ordinal);
        Assert.DoesNotContain("Maker", Encoding.ASCII.GetString(clean), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_was_cleaned_is_the_same_picture_and_clean(string which)
    {
        var file = Sample(which);
        var first = ReadPicture.Read(file, Limits).Value;
        var clean = await CleanAsync(file);
        Assert.Equal(first.Length, clean.Length);
        var again = ReadPicture.Read(clean, Limits).Value;
        Assert.Equal(
            (first.Kind, first.Width, first.Height, first.Frames),
            (again.Kind, again.Width, again.Height, again.Frames)
        );
        Assert.Equal(clean, await CleanAsync(clean));
    }

    [Theory]
    [InlineData("jpeg", MediaKind.Jpeg, 40, 30, 1)]
    [InlineData("png", MediaKind.Png, 3, 2, 1)]
    [InlineData("gif", MediaKind.Gif, 5, 4, 2)]
    [InlineData("webp", MediaKind.WebP, 7, 6, 1)]
    [InlineData("moving webp", MediaKind.WebP, 7, 6, 2)]
    public void Kind_size_and_frames_are_read(
        string which,
        MediaKind kind,
        int width,
        int height,
        int frames
    )
    {
        var picture = ReadPicture.Read(Sample(which), Limits).Value;
        Assert.Equal(
            (kind, width, height, frames),
            (picture.Kind, picture.Width, picture.Height, picture.Frames)
        );
    }

    [Theory]
    [InlineData(1, 40, 30)]
    [InlineData(3, 40, 30)]
    [InlineData(6, 30, 40)]
    public async Task The_turn_that_a_camera_asks_for_is_kept(byte turn, int width, int height)
    {
        var clean = await CleanAsync(SamplePictures.Jpeg(turn: turn));
        var picture = ReadPicture.Read(clean, Limits).Value;
        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.Equal(
            turn > 1,
            Encoding.ASCII.GetString(clean).Contains("Exif", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Pixels_and_colours_of_a_JPEG_are_kept()
    {
        var clean = Encoding.Latin1.GetString(await CleanAsync(SamplePictures.Jpeg()));
        Assert.Contains("colours", clean, StringComparison.Ordinal);
        Assert.EndsWith(
            "pixels\u00FF\0more\u00FF\u00D0last\u00FF\u00D9",
            clean,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_picture_that_is_huge_only_when_it_is_decoded_is_refused_by_its_header()
    {
        var problem = ReadPicture.Read(SamplePictures.Png(30_000, 30_000), Limits).Problem!;
        Assert.Equal("file", problem.Field);
        Assert.Contains("30000 × 30000 pixels", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_frames_are_refused()
    {
        var problem = ReadPicture.Read(SamplePictures.Gif(10_000), Limits).Problem!;
        Assert.Contains("10000 frames", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_thousand_chunks_cost_no_more_than_one()
    {
        var png = SamplePictures.Png();
        var at = png.AsSpan().IndexOf("IDAT"u8) - 4;
        var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at)) + 12;
        var many = Enumerable.Repeat(png[at..(at + length)], 100_000).SelectMany(chunk => chunk);
        var picture = ReadPicture.Read([.. png[..at], .. many, .. png[at..]], Limits).Value;
        Assert.InRange(picture.Pieces.Count, 1, 8);
    }

    [Fact]
    public async Task Segments_that_stand_together_are_kept_as_one_piece()
    {
        var jpeg = SamplePictures.Jpeg();
        byte[] file = [.. jpeg[..2], .. Repeated(1_000_000, 0xFF, 0xDD, 0, 2), .. jpeg[2..]];
        Assert.InRange(ReadPicture.Read(file, Limits).Value.Pieces.Count, 1, 12);
        var clean = await CleanAsync(file);
        Assert.Equal((await CleanAsync(jpeg)).Length + 4_000_000, clean.Length);
    }

    public static TheoryData<string> Torn => ["jpeg", "png", "gif"];

    [Theory]
    [MemberData(nameof(Torn))]
    public void One_that_is_torn_into_a_hundred_thousand_pieces_is_refused(string which)
    {
        var problem = ReadPicture.Read(TornApart(which, 100_000), Limits).Problem!;
        Assert.Equal("file", problem.Field);
        Assert.Contains("pieces", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Torn))]
    public async Task Many_small_pieces_are_written_together(string which)
    {
        var file = TornApart(which, 5_000);
        var picture = ReadPicture.Read(file, Limits).Value;
        Assert.InRange(picture.Pieces.Count, 5_000, 5_010);
        using var into = new CountingStream();
        await picture.WriteAsync(new MemoryStream(file), into, Stop);
        Assert.Equal(picture.Length, into.Length);
        Assert.InRange(into.Writes, 1, 1 + (int)(picture.Length / (32 * 1024)));
    }

    [Theory]
    [InlineData("<html><script>alert(1)</script></html>")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"/>")]
    [InlineData("%PDF-1.7")]
    [InlineData("PK\u0003\u0004")]
    [InlineData("BM")]
    [InlineData("{}")]
    public void What_is_no_picture_is_refused_whatever_its_name_is(string text)
    {
        var problem = ReadPicture.Read(Encoding.Latin1.GetBytes(text), Limits).Problem!;
        Assert.Contains("must be a picture", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void One_that_is_cut_anywhere_is_refused_or_whole(string which)
    {
        var file = Sample(which);
        for (var length = 0; length < file.Length; length++)
        {
            if (
                ReadPicture.Read(file.AsSpan(0, length), Limits) is
                { Succeeded: true, Value: var cut }
            )
            {
                Assert.True(
                    cut.Pieces.All(piece =>
                        piece.Bytes is not null || piece.Offset + piece.Length <= length
                    )
                );
            }
        }

        Assert.False(ReadPicture.Read(file.AsSpan(0, 20), Limits).Succeeded);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Whatever_is_changed_in_one_it_is_read_or_refused(string which)
    {
        var random = new Random(which.Length);
        for (var turn = 0; turn < 20_000; turn++)
        {
            var file = Sample(which);
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                file[random.Next(12, file.Length)] = (byte)random.Next(256);
            }

            if (ReadPicture.Read(file, Limits) is { Succeeded: true, Value: var picture })
            {
                Assert.All(
                    picture.Pieces,
                    piece =>
                        Assert.True(
                            piece.Bytes is not null || piece.Offset + piece.Length <= file.Length
                        )
                );
                Assert.True(picture is { Width: > 0, Height: > 0 });
            }
        }
    }

    /// <summary>A picture in which what is kept and what is dropped take turns.</summary>
    private static byte[] TornApart(string which, int times)
    {
        var file = Sample(which);
        var at = which switch
        {
            "jpeg" => 2,
            "png" => file.AsSpan().IndexOf("tEXt"u8) - 4,
            _ => 19,
        };
        byte[] turn = which switch
        {
            // A byte that fills stands before each marker.
            "jpeg" => [0xFF, 0xFF, 0xDD, 0, 2],
            "png" => [.. new byte[4], .. "gAMA"u8, .. new byte[8], .. "xxXx"u8, .. new byte[4]],
            _ => [0x21, 0xF9, 4, 0, 0, 0, 0, 0, 0x21, 0xFE, 0],
        };
        return [.. file[..at], .. Repeated(times, turn), .. file[at..]];
    }

    private static byte[] Repeated(int times, params byte[] bytes) =>
        [.. Enumerable.Repeat(bytes, times).SelectMany(one => one)];

    private static byte[] Sample(string which) =>
        which switch
        {
            "jpeg" => SamplePictures.Jpeg(),
            "png" => SamplePictures.Png(),
            "gif" => SamplePictures.Gif(),
            "webp" => SamplePictures.WebP(),
            _ => SamplePictures.WebP(moves: true),
        };

    private static async Task<byte[]> CleanAsync(byte[] file)
    {
        using var into = new MemoryStream();
        await ReadPicture.Read(file, Limits).Value.WriteAsync(new MemoryStream(file), into, Stop);
        return into.ToArray();
    }

    private sealed class CountingStream : MemoryStream
    {
        public int Writes { get; private set; }

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            Writes++;
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
