using Microsoft.AspNetCore.Http;
using Rookery.Api;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Api;

public sealed class PageFieldsTests
{
    [Fact]
    public void A_page_is_twenty_of_the_newest_when_nothing_is_said()
    {
        var fields = Requests.Query("");

        Assert.Equal(new Page(Page.DefaultCount), fields.Page());
        Assert.Null(fields.Problem);
    }

    [Theory]
    [InlineData("?count=200&max_id=9&since_id=3&min_id=4")]
    [InlineData("?limit=200&max%5Fid=9&since_id=%33&min_id=4")]
    [InlineData("?count=200&limit=5&max_id=9&since_id=3&min_id=4")]
    public void All_of_a_page_is_read(string query)
    {
        var fields = Requests.Query(query);

        Assert.Equal(new Page(200, new(9), new(3), new(4)), fields.Page());
        Assert.Null(fields.Problem);
    }

    [Theory]
    [InlineData("?count=0", "count")]
    [InlineData("?count=-1", "count")]
    [InlineData("?count=201", "count")]
    [InlineData("?count=99999999999999999999999", "count")]
    [InlineData("?count=ten", "count")]
    [InlineData("?count=", "count")]
    [InlineData("?count=5&count=6", "count")]
    [InlineData("?limit=201", "limit")]
    [InlineData("?max_id=0", "max_id")]
    [InlineData("?max_id=-5", "max_id")]
    [InlineData("?since_id=x", "since_id")]
    [InlineData("?min_id=9223372036854775808", "min_id")]
    [InlineData("?min_id=%ff", "min_id")]
    public void A_wrong_page_is_refused_by_name(string query, string field)
    {
        var fields = Requests.Query(query);

        fields.Page();

        Assert.Equal(field, fields.Problem?.Field);
    }

    [Fact]
    public void Reading_a_query_allocates_the_reader_and_nothing_else()
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new("?user_id=123456789&count=20&max_id=99");
        var read = 0L;
        Assert.InRange(LeastAllocated.Of(() => read = Read(context)), 0, 64);
        Assert.Equal(99 + 123456789 + 20, read);
    }

    private static long Read(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var page = fields.Page();
        return fields.Account("user_id").Value + page.Below + page.Count;
    }
}
