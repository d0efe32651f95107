using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Rookery.Adapters.Logs;
using Xunit;

namespace Rookery.Tests.Logs;

public sealed class SyslogFormatTests
{
    private const string Start =
        "<28>1 2026-01-02T03:04:05.000000Z host1 rookery 42 NotRelayed [rookery@32473 trace=\"0af7651916cd43dd8448eb211c80319c\" role=\"posts,graph\" instance=\"posts-1\" category=\"Rookery.Delivery.OutboxRelay\"] ";

    [Fact]
    public void A_line_is_its_length_and_RFC_5424() =>
        Assert.Equal(
            $"{Start.Length + 16} {Start}Events after 17.",
            Written(Shipping.Line("Events after 17."))
        );

    [Fact]
    public void The_length_counts_bytes_and_what_is_more_than_ASCII_begins_with_a_mark() =>
        Assert.Equal(
            $"{Start.Length + 3 + 10} {Start}\uFEFFgrün 🐦",
            Written(Shipping.Line("grün 🐦"))
        );

    [Theory]
    [InlineData(LogLevel.Trace, 31)]
    [InlineData(LogLevel.Debug, 31)]
    [InlineData(LogLevel.Information, 30)]
    [InlineData(LogLevel.Warning, 28)]
    [InlineData(LogLevel.Error, 27)]
    [InlineData(LogLevel.Critical, 26)]
    public void The_level_is_the_severity(LogLevel level, int priority) =>
        Assert.StartsWith(
            $"<{priority}>1 ",
            Text(Shipping.Line("x", level)),
            StringComparison.Ordinal
        );

    [Fact]
    public void The_facility_is_the_settings() =>
        Assert.Contains(
            " <132>1 ",
            Encoding.UTF8.GetString(
                new SyslogFormat(Shipping.Source, 16, 2_048).Write(Shipping.Line("x"))
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_span_stands_behind_its_trace() =>
        Assert.Contains(
            "trace=\"0af7651916cd43dd8448eb211c80319c\" span=\"b7ad6b7169203331\" role=",
            Text(Shipping.Line("x", span: ActivitySpanId.CreateFromString("b7ad6b7169203331"))),
            StringComparison.Ordinal
        );

    [Fact]
    public void Nothing_in_a_message_ends_the_line_or_moves_the_cursor() =>
        Assert.EndsWith(
            @"] " + "\uFEFF" + @"a\nb\r\n<11>1 \tc\u001b[2J\u0000\u007f\u0085\u2028\u202e\ufeff.",
            Text(Shipping.Line("a\nb\r\n<11>1 \tc\u001b[2J\0\u007f\u0085\u2028\u202e\ufeff.")),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_fault_stands_behind_its_message_in_the_same_line() =>
        Assert.EndsWith(
            @"] It failed\nE: x\n   at A",
            Text(Shipping.Line("It failed", fault: "E: x\n   at A")),
            StringComparison.Ordinal
        );

    [Fact]
    public void Half_a_character_is_replaced() =>
        Assert.EndsWith("a\uFFFDb", Text(Shipping.Line("a\ud83db")), StringComparison.Ordinal);

    [Fact]
    public void Values_of_the_structured_data_are_escaped() =>
        Assert.Contains(
            """category="a\"b\\c\]d\\ne"]""",
            Text(Shipping.Line("x", category: "a\"b\\c]d\ne")),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(null, "-")]
    [InlineData("", "-")]
    [InlineData("Zwei Wörter", "Zwei_W_rter")]
    [InlineData("A23456789012345678901234567890123456789", "A2345678901234567890123456789012")]
    public void The_event_is_a_word_of_the_header(string? name, string shown) =>
        Assert.Contains(
            $" rookery 42 {shown} [",
            Text(Shipping.Line("x", name: name)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("a")]
    [InlineData("ü")]
    [InlineData("🐦")]
    [InlineData("\n")]
    [InlineData("\u0001")]
    public void A_long_line_is_cut_at_a_character(string letter)
    {
        var text = Text(Shipping.Line(string.Concat(Enumerable.Repeat(letter, 5_000))));

        Assert.InRange(Encoding.UTF8.GetByteCount(text), 2_040, 2_048);
        Assert.EndsWith("…", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\uFFFD", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_header_leaves_room_for_a_message()
    {
        var wide = new string('ü', 1_000);
        var source = new LogSource(wide, int.MaxValue, wide, wide, Shipping.Run);
        var format = new SyslogFormat(source, 23, 2_048);

        var text = Encoding.UTF8.GetString(
            format.Write(Shipping.Line("what happened", name: wide, category: wide))
        );

        Assert.EndsWith("] what happened", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_text_gives_one_whole_line_that_says_its_length()
    {
        var random = new Random(1);
        var format = new SyslogFormat(Shipping.Source, 3, 2_048);
        for (var run = 0; run < 2_000; run++)
        {
            var text = new string([
                .. Enumerable
                    .Range(0, random.Next(1_200))
                    .Select(_ =>
                        (char)(random.Next(3) == 0 ? random.Next(0x10000) : random.Next(160))
                    ),
            ]);

            var bytes = format.Write(Shipping.Line(text, fault: text, category: text, name: text));

            var space = Array.IndexOf(bytes, (byte)' ');
            var length = int.Parse(
                Encoding.ASCII.GetString(bytes, 0, space),
                CultureInfo.InvariantCulture
            );
            Assert.Equal(bytes.Length - space - 1, length);
            var line = new UTF8Encoding(false, true).GetString(bytes, space + 1, length);
            Assert.DoesNotContain(line, letter => char.IsControl(letter));
            Assert.InRange(length, 1, 2_048);
        }
    }

    /// <summary>Without the length.</summary>
    private static string Text(LogLine line) => Written(line).Split(' ', 2)[1];

    private static string Written(LogLine line) =>
        Encoding.UTF8.GetString(new SyslogFormat(Shipping.Source, 3, 2_048).Write(line));
}
