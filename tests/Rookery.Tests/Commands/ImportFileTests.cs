using System.IO.Compression;
using System.Text;
using Rookery.Server.Commands.Import;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Commands;

public sealed class ImportFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rookery-import-");

    [Fact]
    public void Gzip_is_told_by_its_first_bytes_whatever_the_file_is_called()
    {
        var bytes = Encoding.UTF8.GetBytes("1 2\n");
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        Assert.Equal("1 2\n", Read(packed.ToArray(), out _));
        Assert.Equal("1 2\n", Read(bytes, out _));
    }

    [Fact]
    public void A_packed_file_that_breaks_off_is_an_error_and_not_an_end()
    {
        var whole = File.ReadAllBytes(TestData.Path("small-graph.tsv.gz"));

        Assert.ThrowsAny<InvalidDataException>(() => Read(whole[..(whole.Length / 2)], out _));
    }

    [Fact]
    public void Bytes_that_are_no_utf_8_become_replacement_characters_and_are_counted()
    {
        Assert.Equal("a\uFFFDb\uFFFD", Read([(byte)'a', 0xFF, (byte)'b', 0xE2], out var counted));
        Assert.Equal(2, counted);
    }

    [Fact]
    public void A_replacement_character_that_the_file_holds_is_not_counted()
    {
        Assert.Equal("\uFFFD", Read(Encoding.UTF8.GetBytes("\uFFFD"), out var counted));
        Assert.Equal(0, counted);
    }

    [Fact]
    public void A_byte_order_mark_is_no_text_and_does_not_end_the_counting()
    {
        Assert.Equal("a\uFFFD", Read([0xEF, 0xBB, 0xBF, (byte)'a', 0xFF], out var counted));
        Assert.Equal(1, counted);
    }

    [Fact]
    public void Bytes_of_the_real_file_that_are_no_utf_8_are_counted()
    {
        var bytes = File.ReadAllBytes(TestData.Path("not-quite-utf8.csv"));

        Assert.Equal(20, Read(bytes, out var counted).Count(unit => unit == '\uFFFD'));
        Assert.InRange(counted, 20, 40);
    }

    [Fact]
    public void A_file_that_is_not_there_and_a_folder_are_told_apart()
    {
        Assert.Contains(
            "no file",
            ImportFile.Open(Name("none")).Problem!.Detail,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "folder",
            ImportFile.Open(_folder.FullName).Problem!.Detail,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Name(string name) => Path.Combine(_folder.FullName, name);

    private string Read(byte[] bytes, out long counted)
    {
        File.WriteAllBytes(Name("file"), bytes);
        using var file = ImportFile.Open(Name("file")).Value;
        var text = file.Text.ReadToEnd();
        counted = file.UndecodableBytes;
        return text;
    }
}
