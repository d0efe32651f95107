using Rookery.Server.Commands.Import;
using Xunit;

namespace Rookery.Tests.Commands;

public sealed class SourceRowsTests
{
    [Fact]
    public void Columns_of_csv_are_found_by_their_names_in_any_order_and_case()
    {
        var row = Assert.Single(
            Read("When,WHO,What,Nr\n2017-01-01,ali,hello,7\n", "text=what,user=who,date=when,id=nr")
        );

        Assert.Equal(("hello", "ali", "2017-01-01", "7"), (row.Text, row.User, row.Date, row.Id));
    }

    [Fact]
    public void A_column_that_is_not_there_is_told_with_those_that_are()
    {
        var problem = Problem("body,author,created_at\n", "text=body,user=name,date=created_at");

        Assert.Contains("no column name", problem, StringComparison.Ordinal);
        Assert.Contains("body, author, created_at", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("=a")]
    [InlineData("text=")]
    [InlineData("texts=a")]
    public void Columns_that_say_nothing_are_refused(string columns) =>
        Assert.Equal("columns", ImportColumns.Parse(columns).Problem?.Field);

    [Fact]
    public void A_record_with_too_few_fields_is_refused_and_the_next_is_read()
    {
        var rows = Read("text,user,date\nonly,two\na,b,2017-01-01\n", null);

        Assert.NotNull(rows[0].Refusal);
        Assert.Equal((2, "a"), (rows[0].Line, rows[1].Text));
    }

    [Fact]
    public void Json_lines_are_read_by_the_usual_names_also_inside_of_objects()
    {
        var row = Assert.Single(
            Read(
                """{"full_text":"hi","user":{"screen_name":"ali"},"created_at":"2017-01-01","id":901656910939770881}""",
                null
            )
        );

        Assert.Equal(
            ("hi", "ali", "2017-01-01", "901656910939770881"),
            (row.Text, row.User, row.Date, row.Id)
        );
    }

    [Fact]
    public void Json_fields_are_found_where_the_columns_say()
    {
        var row = Assert.Single(
            Read("""{"a":{"b":"hi"},"w":"ali","t":5}""", "text=a.b,user=w,date=t")
        );

        Assert.Equal(("hi", "ali", "5"), (row.Text, row.User, row.Date));
    }

    [Theory]
    [InlineData("{\"text\":")]
    [InlineData("[1]")]
    [InlineData("{\"text\":\"\\ud800\",\"user\":\"a\"}")]
    public void A_line_that_is_no_object_is_refused_and_the_next_is_read(string line)
    {
        var rows = Read("{\"text\":\"a\"}\n" + line + "\n{\"text\":\"b\"}\n", null);

        Assert.Equal((2, 3), (rows[1].Line, rows.Count));
        Assert.NotNull(rows[1].Refusal);
        Assert.Equal("b", rows[2].Text);
    }

    private static List<SourceRow> Read(string file, string? columns) =>
        [.. SourceRows.Of(new StringReader(file), ImportColumns.Parse(columns).Value).Value.All];

    private static string Problem(string file, string columns) =>
        SourceRows.Of(new StringReader(file), ImportColumns.Parse(columns).Value).Problem!.Detail;
}
