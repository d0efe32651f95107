using System.Text;
using Rookery.Adapters.RabbitMq;
using Rookery.Delivery;
using Xunit;

namespace Rookery.Tests.Delivery;

public sealed class StretchMessageTests
{
    [Fact]
    public void A_message_is_read_as_it_was_written()
    {
        var written = new StretchMessage(new SequenceRange(3, 9), [Row(4), Row(8)]);
        var read = StretchMessage.Read(StretchMessage.Type, written.Write());
        Assert.NotNull(read);
        Assert.Equal(written.Range, read.Range);
        Assert.Equal(written.Rows.Select(Text), read.Rows.Select(Text));
    }

    [Theory]
    [InlineData(1, 9)]
    [InlineData(4, 3)]
    [InlineData(9, 1)]
    [InlineData(100, 1)]
    public void Cut_in_parts_it_says_the_same(int most, int parts)
    {
        OutboxRow[] rows = [.. Enumerable.Range(11, 9).Select(number => Row(2 * number))];
        var cut = StretchMessage.Cut(new SequenceRange(20, 41), rows, most).ToList();
        Assert.Equal(parts, cut.Count);
        IsTheWhole(cut, rows, new SequenceRange(20, 41));
    }

    [Fact]
    public void A_stretch_without_events_is_a_message_all_the_same()
    {
        var cut = Assert.Single(StretchMessage.Cut(new SequenceRange(4, 9), [], 10));
        Assert.Equal(new SequenceRange(4, 9), cut.Range);
        Assert.Empty(StretchMessage.Cut(new SequenceRange(9, 9), [], 10));
    }

    [Fact]
    public void What_is_too_long_for_one_message_is_several_and_one_event_is_never_cut()
    {
        OutboxRow[] rows = [.. Enumerable.Range(1, 50).Select(number => Row(number))];
        var range = new SequenceRange(0, 60);
        var bodies = new StretchMessage(range, rows).WriteWithin(512).ToList();
        Assert.All(bodies, body => Assert.InRange(body.Length, 1, 512));
        IsTheWhole(
            [.. bodies.Select(body => StretchMessage.Read(StretchMessage.Type, body)!)],
            rows,
            range
        );
        Assert.Single(new StretchMessage(new SequenceRange(0, 1), rows[..1]).WriteWithin(1));
    }

    [Theory]
    [InlineData("rookery.stretch.v2", """{"after":0,"through":1,"events":[]}""")]
    [InlineData(null, """{"after":0,"through":1,"events":[]}""")]
    [InlineData(StretchMessage.Type, "")]
    [InlineData(StretchMessage.Type, "[]")]
    [InlineData(StretchMessage.Type, "7")]
    [InlineData(StretchMessage.Type, """{"after":0,"through":1}""")]
    [InlineData(StretchMessage.Type, """{"after":0.5,"through":1,"events":[]}""")]
    [InlineData(StretchMessage.Type, """{"after":"0","through":1,"events":[]}""")]
    [InlineData(StretchMessage.Type, """{"after":-1,"through":1,"events":[]}""")]
    [InlineData(StretchMessage.Type, """{"after":2,"through":1,"events":[]}""")]
    [InlineData(StretchMessage.Type, """{"after":0,"through":1,"events":{}}""")]
    [InlineData(StretchMessage.Type, """{"after":0,"through":1,"events":[7]}""")]
    [InlineData(
        StretchMessage.Type,
        """{"after":0,"through":1,"events":[{"sequence":1,"name":null,"version":1,"payload":{}}]}"""
    )]
    [InlineData(
        StretchMessage.Type,
        """{"after":0,"through":1,"events":[{"sequence":2,"name":"a","version":1,"payload":{}}]}"""
    )]
    [InlineData(
        StretchMessage.Type,
        """{"after":0,"through":1,"events":[{"sequence":0,"name":"a","version":1,"payload":{}}]}"""
    )]
    [InlineData(
        StretchMessage.Type,
        """{"after":0,"through":1,"events":[{"sequence":1,"name":"a","version":99999999999,"payload":{}}]}"""
    )]
    public void What_is_none_of_ours_is_not_read(string? type, string body) =>
        Assert.Null(StretchMessage.Read(type, Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void A_message_that_breaks_off_is_not_read_and_a_damaged_one_is_no_fault()
    {
        var body = new StretchMessage(new SequenceRange(3, 9), [Row(4), Row(8)]).Write().ToArray();
        for (var end = 0; end < body.Length; end++)
        {
            Assert.Null(StretchMessage.Read(StretchMessage.Type, body.AsMemory(0, end)));
        }

        for (var at = 0; at < body.Length; at++)
        {
            var damaged = body.ToArray();
            damaged[at] ^= 0x80;
            // Beyond ASCII there is text alone, and that is read as what it is: no fault either way.
            _ = StretchMessage.Read(StretchMessage.Type, damaged);
        }
    }

    private static void IsTheWhole(
        List<StretchMessage> parts,
        IReadOnlyList<OutboxRow> rows,
        SequenceRange range
    )
    {
        Assert.Equal(range.After, parts[0].Range.After);
        Assert.Equal(range.Through, parts[^1].Range.Through);
        Assert.All(
            parts.Zip(parts.Skip(1)),
            pair => Assert.Equal(pair.First.Range.Through, pair.Second.Range.After)
        );
        Assert.Equal(rows.Select(Text), parts.SelectMany(part => part.Rows).Select(Text));
        Assert.All(
            parts,
            part => Assert.NotNull(StretchMessage.Read(StretchMessage.Type, part.Write()))
        );
    }

    private static OutboxRow Row(long sequence) =>
        new(sequence, "graph.followed", 1, Encoding.UTF8.GetBytes($$"""{"n":{{sequence}}}"""));

    private static string Text(OutboxRow row) =>
        $"{row.Sequence} {row.Name} {row.Version} {Encoding.UTF8.GetString(row.Payload.Span)}";
}
