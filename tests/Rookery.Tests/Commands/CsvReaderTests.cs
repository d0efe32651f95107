using Rookery.Server.Commands.Import;
using Xunit;

namespace Rookery.Tests.Commands;

public sealed class CsvReaderTests
{
    [Theory]
    [InlineData("a,b\r\nc,d\r\n", "a|b", "c|d")]
    [InlineData("a,b\nc,d", "a|b", "c|d")]
    [InlineData("\"a,1\",b\n", "a,1|b")]
    [InlineData("\"say \"\"hi\"\"\",b\n", "say \"hi\"|b")]
    [InlineData("\"two\nlines\",b\nc,d\n", "two\nlines|b", "c|d")]
    [InlineData("\"two\r\nlines\",b\n", "two\r\nlines|b")]
    [InlineData(",\n", "|")]
    [InlineData("a,\n", "a|")]
    [InlineData("\"\",\"\"\n", "|")]
    [InlineData("a\n\n\nb\n", "a", "b")]
    [InlineData("it is 5\" wide,b\n", "it is 5\" wide|b")]
    [InlineData("\"a\"b,c\n", "ab|c")]
    public void Records_are_read_as_the_standard_has_them(string csv, params string[] records) =>
        Assert.Equal(records, Read(csv).Select(record => record.Fields));

    [Fact]
    public void Each_record_knows_the_line_on_which_it_began() =>
        Assert.Equal(
            [1, 2, 5],
            Read("h\n\"one\ntwo\nthree\"\nlast\n").Select(record => record.Line)
        );

    [Fact]
    public void A_quote_that_is_never_closed_is_told_with_its_line()
    {
        var fault = Assert.Throws<InvalidDataException>(() => Read("a,b\nc,\"d\n"));

        Assert.Contains("line 2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quote_that_is_never_closed_does_not_take_the_whole_file_into_memory()
    {
        using var endless = new Endless();

        Assert.Throws<InvalidDataException>(() => new CsvReader(endless).Read([]));
        Assert.InRange(endless.Given, CsvReader.MaxRecord, CsvReader.MaxRecord + (1 << 16));
    }

    private static List<(string Fields, long Line)> Read(string csv)
    {
        using var text = new StringReader(csv);
        var reader = new CsvReader(text);
        var records = new List<(string, long)>();
        var fields = new List<string>();
        while (reader.Read(fields))
        {
            records.Add((string.Join('|', fields), reader.Line));
        }

        return records;
    }

    /// <summary>An opening quote, and letters for ever.</summary>
    private sealed class Endless : TextReader
    {
        public long Given { get; private set; }

        public override int Read(char[] buffer, int index, int count)
        {
            Array.Fill(buffer, 'a', index, count);
            buffer[index] = Given == 0 ? '"' : 'a';
            Given += count;
            return count;
        }
    }
}
