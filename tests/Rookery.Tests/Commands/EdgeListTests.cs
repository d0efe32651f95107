using Rookery.Server.Commands.Import;
using Xunit;

namespace Rookery.Tests.Commands;

public sealed class EdgeListTests
{
    [Fact]
    public void Tabs_spaces_comments_and_empty_lines_are_as_they_should_be() =>
        Assert.Equal(
            [(2, 1, 2), (4, 30, 40), (5, 5, 6)],
            Read("# from to\n1\t2\n\n 30   40 \r\n5 \t6")
                .Select(edge => ((int)edge.Line, (int)edge.Follower, (int)edge.Followee))
        );

    [Theory]
    [InlineData("1")]
    [InlineData("1 2 3")]
    [InlineData("a b")]
    [InlineData("1,2")]
    [InlineData("-1 2")]
    [InlineData("1 99999999999999999999")]
    public void What_is_no_edge_is_told(string line) =>
        Assert.Equal(line, Assert.Single(Read(line)).NoEdge);

    [Fact]
    public void A_line_without_end_is_not_repeated_in_a_message() =>
        Assert.InRange(Read(new string('x', 100_000)).Single().NoEdge!.Length, 1, 50);

    private static List<EdgeLine> Read(string file) => [.. EdgeList.Read(new StringReader(file))];
}
