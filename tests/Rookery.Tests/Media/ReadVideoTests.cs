using System.Text;
using Rookery.Media;
using Rookery.Media.Videos;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Media;

/// <summary>What is kept of a video, and what is refused.</summary>
public sealed class ReadVideoTests
{
    private static readonly MediaOptions Limits = new() { MaxVideoSeconds = 60 };

    public static TheoryData<string> Kinds =>
        new(
            "mp4",
            "mp4, data first",
            "mp4, large",
            "mp4, QuickTime",
            "mp4, fragments",
            "webm",
            "webm, open"
        );

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static byte[] Sample(string which) =>
        which switch
        {
            "mp4" => new SampleMp4().ToArray(),
            "mp4, data first" => new SampleMp4 { DataFirst = true }.ToArray(),
            "mp4, large" => new SampleMp4 { IsLarge = true, DataFirst = true }.ToArray(),
            "mp4, QuickTime" => new SampleMp4 { Brand = "qt  " }.ToArray(),
            "mp4, fragments" => new SampleMp4 { IsInFragments = true }.ToArray(),
            "webm" => new SampleWebM().ToArray(),
            _ => new SampleWebM { IsOpen = true, Duration = null }.ToArray(),
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Nothing_of_what_it_says_about_its_maker_is_left_and_what_it_plays_is_where_it_was(
        string which
    )
    {
        var file = Sample(which);
        var secret = Encoding.ASCII.GetBytes(SamplePictures.Secret);
        Assert.NotEqual(-1, file.AsSpan().IndexOf(secret));

        var clean = await CleanedAsync(file);

        Assert.Equal(file.Length, clean.Length);
        foreach (var part in (string[])["GPS", "47.37", "8.541"])
        {
            Assert.Equal(-1, clean.AsSpan().IndexOf(Encoding.ASCII.GetBytes(part)));
        }

        // Nor half of one, where times and names of programs stand.
        Assert.Equal(-1, clean.AsSpan().IndexOf(secret.AsSpan(0, 4)));
        foreach (
            var text in which.StartsWith("mp4", StringComparison.Ordinal)
                ? SampleMp4.Played
                : SampleWebM.Played
        )
        {
            var at = file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text));
            Assert.Equal(at, clean.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)));
            Assert.NotEqual(-1, at);
        }

        // What is clean stays as it is.
        Assert.Equal(clean, await CleanedAsync(clean));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_is_as_large_and_lasts_as_long_as_it_says(string which)
    {
        var video = Read(Sample(which)).Value;
        Assert.Equal((640, 360), (video.Width, video.Height));
        Assert.Equal(which == "webm, open" ? 1750 : 2000, video.Milliseconds);
        Assert.Equal(
            which.StartsWith("mp4", StringComparison.Ordinal) ? MediaKind.Mp4 : MediaKind.WebM,
            video.Kind
        );
    }

    [Theory]
    [InlineData(1500, 1500)]
    [InlineData(900, 2000)]
    [InlineData(0, 2000)]
    [InlineData(5000, 5000)]
    public void What_it_says_as_a_whole_counts_where_its_tracks_say_about_the_same(
        int said,
        int milliseconds
    )
    {
        var file = new SampleMp4
        {
            Instead = As(
                "mvhd",
                body => ("mvhd", [.. body[..16], .. SampleMp4.Int(said), .. body[20..]])
            ),
        };
        Assert.Equal(milliseconds, Read(file.ToArray()).Value.Milliseconds);
    }

    [Fact]
    public void One_that_is_turned_is_as_high_as_it_was_wide()
    {
        var video = Read(new SampleMp4 { IsTurned = true }.ToArray()).Value;
        Assert.Equal((360, 640), (video.Width, video.Height));
    }

    [Fact]
    public void One_that_is_shown_in_another_size_has_that_one()
    {
        var video = Read(new SampleWebM { Shown = (320, 240) }.ToArray()).Value;
        Assert.Equal((320, 240), (video.Width, video.Height));
    }

    [Theory]
    [InlineData("hvc1", "H.264, VP9 or AV1")]
    [InlineData("encv", "H.264, VP9 or AV1")]
    [InlineData("\u0000\"<\n", "H.264, VP9 or AV1")]
    public void What_not_all_browsers_play_is_refused_by_name(string coding, string said) =>
        AssertRefused(new SampleMp4 { Coding = coding }.ToArray(), said);

    [Theory]
    [InlineData("heic")]
    [InlineData("3gp4")]
    [InlineData("M4A ")]
    public void Other_files_that_begin_so_are_refused(string brand) =>
        AssertRefused(new SampleMp4 { Brand = brand }.ToArray(), "must be an MP4 or a WebM");

    [Fact]
    public void Other_kinds_of_Matroska_and_other_codings_are_refused()
    {
        AssertRefused(new SampleWebM { DocType = "matroska" }.ToArray(), "Matroska");
        AssertRefused(new SampleWebM { Coding = "V_MPEG4/ISO/AVC" }.ToArray(), "VP8, VP9 or AV1");
        AssertRefused(new SampleMp4 { Sound = "ac-3" }.ToArray(), "AAC, MP3 or Opus");
    }

    [Fact]
    public void What_is_too_large_or_lasts_too_long_is_refused()
    {
        AssertRefused(new SampleMp4 { Width = 30_000, Height = 30_000 }.ToArray(), "30000 × 30000");
        AssertRefused(new SampleWebM { Width = 30_000, Height = 30_000 }.ToArray(), "pixels");
        AssertRefused(
            new SampleWebM
            {
                Width = 30_000,
                Height = 30_000,
                Shown = (64, 36),
            }.ToArray(),
            "pixels"
        );
        AssertRefused(new SampleMp4 { Seconds = 61 }.ToArray(), "lasts 61 seconds");
        AssertRefused(new SampleWebM { Duration = 1e300 }.ToArray(), "lasts");
        AssertRefused(new SampleWebM { Duration = double.NaN }.ToArray(), "whole video");
    }

    [Fact]
    public void Fragments_that_nothing_announces_are_refused()
    {
        AssertRefused(
            [.. new SampleMp4().ToArray(), .. new SampleMp4().Box("moof", new byte[8])],
            "whole video"
        );
        AssertRefused(
            new SampleMp4
            {
                IsInFragments = true,
                Instead = As("mvex", body => ("free", body)),
            }.ToArray(),
            "whole video"
        );
    }

    /// <summary>Where a run of samples begins, how many they are, and how large one of them is.</summary>
    [Theory]
    [InlineData("trun", 8, 0x7FFFFFF0, "whole video")]
    [InlineData("trun", 8, -200_000, "whole video")]
    [InlineData("trun", 8, 4, "whole video")]
    [InlineData("trun", 4, 0x7FFFFFFF, "whole video")]
    [InlineData("trun", 12, 0x7FFFFFFF, "whole video")]
    [InlineData("tfdt", 4, -1, "whole video")]
    [InlineData("tfdt", 4, 1, "lasts")]
    [InlineData("sidx", 20, 0xFFFF, "whole video")]
    [InlineData("tfhd", 0, 0xFFFFFF, "whole video")]
    public void Fragments_that_say_more_than_is_there_are_refused(
        string type,
        int offset,
        int number,
        string said
    ) =>
        AssertRefused(
            new SampleMp4
            {
                IsInFragments = true,
                Instead = As(
                    type,
                    body =>
                    {
                        var changed = body.ToArray();
                        SampleMp4.Int(number).CopyTo(changed, offset);
                        return (type, changed);
                    }
                ),
            }.ToArray(),
            said
        );

    [Fact]
    public void Samples_without_number_that_take_no_room_in_their_fragment_are_refused() =>
        AssertRefused(
            new SampleMp4
            {
                IsInFragments = true,
                Instead = As("trun", _ => ("trun", [.. new byte[4], .. SampleMp4.Int(0x7FFFFFFF)])),
            }.ToArray(),
            "more than"
        );

    /// <summary>Each makes a table or a box say something that is not so.</summary>
    [Theory]
    [InlineData("stco", 8, 0x7FFFFFF0, "whole video")]
    [InlineData("stco", 8, 4, "whole video")]
    [InlineData("stco", 4, 0x7FFFFFFF, "more than")]
    [InlineData("stco", 4, 200_000, "whole video")]
    [InlineData("stsz", 8, 0x7FFFFFFF, "more than")]
    [InlineData("stsz", 8, 200_000, "whole video")]
    [InlineData("stsz", 4, 0x7FFFFFFF, "whole video")]
    [InlineData("stsc", 4, 0x7FFFFFFF, "whole video")]
    [InlineData("stts", 4, 0x7FFFFFFF, "whole video")]
    [InlineData("elst", 4, 0x7FFFFFFF, "whole video")]
    [InlineData("stsd", 4, 9, "whole video")]
    [InlineData("mvhd", 12, 0, "whole video")]
    public void What_says_more_than_is_there_is_refused(
        string type,
        int offset,
        int number,
        string said
    ) =>
        AssertRefused(
            new SampleMp4
            {
                Instead = As(
                    type,
                    body =>
                    {
                        var changed = body.ToArray();
                        SampleMp4.Int(number).CopyTo(changed, offset);
                        return (type, changed);
                    }
                ),
            }.ToArray(),
            said
        );

    [Fact]
    public void Samples_that_stand_in_each_other_are_refused()
    {
        var third = new SampleMp4().ToArray().Length / 3;
        var file = new SampleMp4
        {
            DataFirst = true,
            Instead = As(
                "stsz",
                body => ("stsz", [.. body[..4], .. SampleMp4.Int(third), .. body[8..]])
            ),
        };
        AssertRefused(file.ToArray(), "again and again");
    }

    [Fact]
    public void Boxes_without_number_or_end_are_refused()
    {
        var many = Enumerable.Repeat(SampleMp4.Int(8).Concat("free"u8.ToArray()), 60_000);
        AssertRefused([.. new SampleMp4().ToArray(), .. many.SelectMany(box => box)], "boxes");
        var file = new SampleMp4().ToArray();
        // One within another within another, none of which anybody knows.
        var deep = new byte[80_000];
        for (var i = 0; i + 8 <= deep.Length; i += 8)
        {
            SampleMp4.Int(deep.Length - i).CopyTo(deep, i);
            "udta"u8.CopyTo(deep.AsSpan(i + 4));
        }

        Assert.True(Read([.. file, .. deep]).Succeeded);
        AssertRefused([.. file, 0, 0, 0, 5, .. "free"u8], "whole video");
        AssertRefused([.. file, 0, 0, 1, 0, .. "free"u8], "whole video");
    }

    [Fact]
    public void Data_in_another_file_is_refused() =>
        AssertRefused(
            new SampleMp4
            {
                Instead = As("url ", body => ("url ", [0, 0, 0, 0, .. body[4..]])),
            }.ToArray(),
            "another file"
        );

    [Fact]
    public void A_WebM_that_packs_its_samples_once_more_is_refused() =>
        AssertRefused(
            new SampleWebM
            {
                BeforeTracks = SampleWebM.Element(
                    0x1654AE6B,
                    SampleWebM.Element(0xAE, SampleWebM.Element(0x6D80, [1]))
                ),
            }.ToArray(),
            "packed"
        );

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_that_is_cut_anywhere_is_refused_or_whole(string which)
    {
        var file = Sample(which);
        var cut = Enumerable
            .Range(0, file.Length)
            .Count(length =>
                ReadVideo.KindOf(file.AsSpan(0, length)) is { } kind
                && !ReadVideo.Read(file.AsSpan(0, length), kind, Limits).Succeeded
            );
        Assert.True(cut > file.Length / 2, $"{cut} of {file.Length}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Whatever_bytes_are_changed_it_ends_and_says_something(string which)
    {
        var (file, random) = (Sample(which), new Random(7));
        for (var i = 0; i < 20_000; i++)
        {
            var changed = file.ToArray();
            for (var many = random.Next(1, 5); many > 0; many--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            if (ReadVideo.KindOf(changed) is not { } kind)
            {
                continue;
            }

            var read = ReadVideo.Read(changed, kind, Limits);
            if (!read.Succeeded)
            {
                Assert.StartsWith("file ", read.Problem.Detail, StringComparison.Ordinal);
            }
            else if (i % 50 == 0)
            {
                using var into = new MemoryStream();
                await read.Value.WriteAsync(new MemoryStream(changed), into, Stop);
                Assert.Equal(changed.Length, into.Length);
            }
        }
    }

    private static Func<string, byte[], byte[]?> As(
        string type,
        Func<byte[], (string Type, byte[] Body)> change
    ) =>
        (which, body) =>
            which == type && change(body) is var (other, changed)
                ?
                [
                    .. SampleMp4.Int(changed.Length + 8),
                    .. Encoding.Latin1.GetBytes(other),
                    .. changed,
                ]
                : null;

    private static Result<CleanMedium> Read(byte[] file) =>
        ReadVideo.Read(file, ReadVideo.KindOf(file)!.Value, Limits);

    private static void AssertRefused(byte[] file, string said)
    {
        var problem = Read(file).Problem;
        Assert.NotNull(problem);
        Assert.Equal((ProblemKind.Invalid, "file"), (problem.Kind, problem.Field));
        Assert.Contains(said, problem.Detail, StringComparison.Ordinal);
    }

    private static async Task<byte[]> CleanedAsync(byte[] file)
    {
        using var into = new MemoryStream();
        var read = Read(file);
        Assert.True(read.Succeeded, read.Problem?.Detail);
        await read.Value.WriteAsync(new MemoryStream(file), into, Stop);
        return into.ToArray();
    }
}
