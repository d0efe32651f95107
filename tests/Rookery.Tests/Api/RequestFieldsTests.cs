using System.Text;
using Rookery.Api;
using Xunit;

namespace Rookery.Tests.Api;

public sealed class RequestFieldsTests
{
    [Theory]
    [InlineData("application/json", "{\"user_id\":7,\"name\":\"Zoë 🐦\"}")]
    [InlineData(
        "application/json; charset=utf-8",
        "\uFEFF {\"user_id\":\"7\",\"name\":\"Zo\\u00eb \\ud83d\\udc26\"}"
    )]
    [InlineData("application/vnd.api+json", "{\"user_id\":\"7\",\"name\":\"Zoë 🐦\"}")]
    [InlineData("application/x-www-form-urlencoded", " \r\n{\"user_id\":7,\"name\":\"Zoë 🐦\"}")]
    [InlineData("text/plain", "{\"user_id\":7,\"name\":\"Zoë 🐦\"}")]
    [InlineData(null, "{\"user_id\":7,\"name\":\"Zoë 🐦\"}")]
    [InlineData("application/x-www-form-urlencoded", "user_id=7&name=Zo%C3%AB+%F0%9F%90%A6")]
    [InlineData(
        "Application/X-WWW-Form-Urlencoded; charset=UTF-8",
        "&user%5Fid=7&&name=Zo%c3%ab%20🐦"
    )]
    [InlineData(
        "multipart/form-data; boundary=\"x y\"",
        "--x y\r\nContent-Disposition: form-data; name=\"user_id\"\r\n\r\n7\r\n--x y\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nZoë 🐦\r\n--x y--\r\n"
    )]
    public async Task The_same_fields_are_read_from_every_kind_of_body(string? type, string body)
    {
        var fields = await Requests.ReadAsync(type, body);

        var id = fields.Account("user_id");
        var name = fields.Text("name", max: 5);

        Assert.Null(fields.Problem);
        Assert.Equal(new(7), id);
        Assert.Equal("Zoë 🐦", name);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"user_id\":null}")]
    [InlineData("{\"user_id\":0}")]
    [InlineData("{\"user_id\":-1}")]
    [InlineData("{\"user_id\":1.0}")]
    [InlineData("{\"user_id\":1e3}")]
    [InlineData("{\"user_id\":9223372036854775808}")]
    [InlineData("{\"user_id\":123456789012345678901234567890123456789012345678901234567890}")]
    [InlineData("{\"user_id\":true}")]
    [InlineData("{\"user_id\":[7]}")]
    [InlineData("{\"user_id\":{\"id\":7}}")]
    [InlineData("{\"user_id\":\"\"}")]
    [InlineData("{\"user_id\":\" 7\"}")]
    [InlineData("{\"user_id\":\"+7\"}")]
    [InlineData("{\"user_id\":\"7\\u0000\"}")]
    [InlineData("{\"user_id\":\"7a\"}")]
    [InlineData("{\"user_id\":\"٧\"}")]
    public async Task What_is_no_id_is_refused_by_name_and_says_what_would_be_right(string body)
    {
        var fields = await Requests.JsonAsync(body);

        fields.Account("user_id");

        Assert.Equal("user_id", fields.Problem?.Field);
        Assert.Contains(
            "an integer from 1 to 9223372036854775807",
            fields.Problem?.Detail,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_largest_id_is_read_from_a_number_and_from_a_string()
    {
        var number = await Requests.JsonAsync("{\"id\":9223372036854775807}");
        var text = await Requests.JsonAsync("{\"id\":\"9223372036854775807\"}");

        Assert.Equal(PostId.Newest, number.Post("id"));
        Assert.Equal(PostId.Newest, text.OptionalPost("id"));
        Assert.Null(number.Problem ?? text.Problem);
    }

    [Theory]
    [InlineData("{}", "missing")]
    [InlineData("{\"name\":null}", "null")]
    [InlineData("{\"name\":7}", "must be text")]
    [InlineData("{\"name\":false}", "must be text")]
    [InlineData("{\"name\":[\"a\",\"b\"]}", "several")]
    [InlineData("{\"name\":{}}", "must be text")]
    [InlineData("{\"name\":\"\"}", "1 to 5 characters")]
    [InlineData("{\"name\":\"sixsix\"}", "1 to 5 characters")]
    [InlineData("{\"name\":\"a\\u0000b\"}", "NUL")]
    [InlineData("{\"name\":\"a\\ud800b\"}", "UTF-8")]
    [InlineData("{\"name\":\"\\udc26\\ud83d\"}", "UTF-8")]
    [InlineData("{\"name\":[\"\\ud800\"]}", "UTF-8")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", "twice")]
    [InlineData("{\"name\":\"a\",\"na\\u006de\":\"b\"}", "twice")]
    public async Task What_is_no_text_is_refused_by_name(string body, string said)
    {
        var fields = await Requests.JsonAsync(body);

        var name = fields.Text("name", max: 5);

        Assert.Equal("", name);
        Assert.Equal("name", fields.Problem?.Field);
        Assert.Contains(said, fields.Problem?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Requests.Json, "{\"name\":\"Zo\"", "\"}")]
    [InlineData(Requests.Json, "{\"name\":\"Zo", "\"}")]
    [InlineData(Requests.Form, "name=Zo", "")]
    [InlineData(
        "multipart/form-data; boundary=x",
        "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nZo",
        "\r\n--x--"
    )]
    public async Task Bytes_that_are_not_UTF8_are_refused(string type, string before, string after)
    {
        var fields = await Requests.ReadAsync(
            type,
            [.. Encoding.UTF8.GetBytes(before), 0xC3, 0x28, .. Encoding.UTF8.GetBytes(after)]
        );

        Assert.Equal(ProblemKind.Invalid, fields.Problem?.Kind);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_name_their_field_even_where_nobody_reads_it()
    {
        byte[] body = [.. "{\"deep\":{\"x\":\""u8, 0xFF, .. "\"}}"u8];

        var fields = await Requests.ReadAsync(Requests.Json, body);

        Assert.Equal("deep", fields.Problem?.Field);
    }

    [Theory]
    [InlineData("name=%")]
    [InlineData("name=%4")]
    [InlineData("name=%zz")]
    [InlineData("name=%ff")]
    [InlineData("name=%ed%a0%80")]
    [InlineData("name=a&name=b")]
    [InlineData("name[]=a")]
    [InlineData("name=%00")]
    [InlineData("name")]
    public async Task A_form_and_a_query_refuse_the_same_texts(string sent)
    {
        var form = await Requests.FormAsync(sent);
        var query = Requests.Query("?" + sent);

        form.Text("name");
        query.Text("name");

        Assert.Equal("name", form.Problem?.Field);
        Assert.Equal("name", query.Problem?.Field);
    }

    [Fact]
    public async Task A_million_characters_are_named_as_too_long()
    {
        var escaped = string.Concat(Enumerable.Repeat("\\u00e9", 1_000_000));
        var fields = await Requests.JsonAsync($"{{\"content\":\"{escaped}\"}}");

        fields.Text("content", max: 5_000);

        Assert.Equal("content", fields.Problem?.Field);
        Assert.Contains("1 to 5000 characters", fields.Problem?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_too_large()
    {
        var fields = await Requests.ReadAsync(Requests.Form, new byte[BodyLimit.OfBackends + 1]);

        Assert.Equal(ProblemKind.TooLarge, fields.Problem?.Kind);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":1}}")]
    [InlineData("{\"a\":1} {}")]
    [InlineData("{\"a\":\"\n\"}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{a:1}")]
    [InlineData("{'a':1}")]
    public async Task Malformed_JSON_says_where(string body)
    {
        var fields = await Requests.JsonAsync(body);

        Assert.Equal(ProblemKind.Invalid, fields.Problem?.Kind);
        Assert.Matches("line [0-9]+, byte [0-9]+", fields.Problem?.Detail);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("7")]
    [InlineData("null")]
    public async Task JSON_that_is_no_object_is_refused(string body)
    {
        var fields = await Requests.JsonAsync(body);

        Assert.Contains("one JSON object", fields.Problem?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public async Task A_hundred_thousand_brackets_are_refused(string open, string close)
    {
        var many = string.Concat(Enumerable.Repeat(open, 100_000));
        var body = $"{{\"a\":{many}1{string.Concat(Enumerable.Repeat(close, 100_000))}}}";

        var fields = await Requests.JsonAsync(body);

        Assert.Contains("nested", fields.Problem?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_in_lists_are_no_values()
    {
        var fields = await Requests.JsonAsync("{\"media_ids\":[[1,2],3],\"name\":\"a\"}");

        Assert.Equal("a", fields.Text("name"));
        fields.Names("media_ids", 4);

        Assert.Equal("media_ids", fields.Problem?.Field);
    }

    [Fact]
    public async Task Too_many_fields_and_too_many_values_are_refused()
    {
        var names = string.Join('&', Enumerable.Range(0, 100_000).Select(i => $"f{i}=1"));
        var values = string.Join('&', Enumerable.Repeat("a[]=1", 100_000));
        var array = $"{{\"a\":[{string.Join(',', Enumerable.Repeat("{}", 100_000))}]}}";

        Assert.NotNull((await Requests.FormAsync(names)).Problem);
        Assert.NotNull((await Requests.FormAsync(values)).Problem);
        Assert.Equal("a", (await Requests.JsonAsync(array)).Problem?.Field);
    }

    [Theory]
    [InlineData("text/plain", "name=a")]
    [InlineData("application/xml", "<name/>")]
    [InlineData("nonsense", "name=a")]
    [InlineData(null, "name=a")]
    public async Task Another_kind_of_body_is_told_what_is_read(string? type, string body)
    {
        var fields = await Requests.ReadAsync(type, body);

        Assert.Equal(ProblemKind.UnsupportedMediaType, fields.Problem?.Kind);
        Assert.Contains("application/json", fields.Problem?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData(null)]
    public async Task An_empty_body_leaves_the_query(string? type)
    {
        var fields = await Requests.ReadAsync(type, " \r\n", "?tweet_id=9");

        Assert.Equal(new(9), fields.Post("tweet_id"));
        Assert.Null(fields.Problem);
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=y")]
    public async Task Malformed_multipart_is_refused(string type)
    {
        var fields = await Requests.ReadAsync(type, "--x\r\n\r\nno name\r\n--x--");

        Assert.Equal(ProblemKind.Invalid, fields.Problem?.Kind);
    }

    [Fact]
    public async Task A_file_is_no_text()
    {
        var fields = await Requests.ReadAsync(
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"name\"; filename=\"a.txt\"\r\n\r\nAli\r\n--x--\r\n"
        );

        fields.Text("name");

        Assert.Contains("is a file", fields.Problem?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_body_wins_over_the_query_and_the_query_fills_what_it_lacks()
    {
        var fields = await Requests.ReadAsync(Requests.Form, "a=1", "?a=2&b=3");

        Assert.Equal(new(1), fields.Account("a"));
        Assert.Equal(new(3), fields.Account("b"));
        Assert.Null(fields.Problem);
    }

    [Fact]
    public async Task Only_the_first_problem_is_told()
    {
        var fields = await Requests.JsonAsync("{\"b\":0}");

        fields.Text("a");
        fields.Account("b");

        Assert.Equal("a", fields.Problem?.Field);
    }

    [Fact]
    public async Task An_alias_is_read_and_named_only_when_it_was_used()
    {
        var used = await Requests.JsonAsync("{\"body\":7}");
        var right = await Requests.JsonAsync("{\"body\":\"hi\"}");
        var neither = await Requests.JsonAsync("{}");

        used.Text("content", alias: "body");
        neither.Text("content", alias: "body");

        Assert.Equal("hi", right.Text("content", alias: "body"));
        Assert.Equal("body", used.Problem?.Field);
        Assert.Equal("content", neither.Problem?.Field);
    }

    [Fact]
    public async Task Optional_fields_may_be_missing_or_null_but_not_wrong()
    {
        var none = await Requests.JsonAsync("{\"a\":null}");
        Assert.Null(none.OptionalAccount("a"));
        Assert.Null(none.OptionalText("a"));
        Assert.Null(none.OptionalPost("b"));
        Assert.True(none.Flag("a", otherwise: true));
        Assert.Empty(none.Names("a", 4));
        Assert.False(none.Has("a"));
        Assert.Null(none.Problem);

        var wrong = await Requests.JsonAsync("{\"a\":\"\"}");
        wrong.OptionalText("a");
        Assert.Equal("a", wrong.Problem?.Field);
    }

    [Theory]
    [InlineData(Requests.Json, "{\"ids\":[1,\"2\"]}")]
    [InlineData(Requests.Json, "{\"ids\":\"1, 2\"}")]
    [InlineData(Requests.Form, "ids=1,2")]
    [InlineData(Requests.Form, "ids=1&ids=2")]
    [InlineData(Requests.Form, "ids[]=1&ids%5B%5D=2")]
    public async Task A_list_comes_with_commas_or_as_an_array(string type, string body)
    {
        var fields = await Requests.ReadAsync(type, body);

        Assert.Equal([new(1), new(2)], fields.Accounts("ids", 2));
        Assert.Equal(["1", "2"], fields.Names("ids", 2));
        Assert.Null(fields.Problem);
        fields.Posts("ids", 1);
        Assert.Contains("at most 1", fields.Problem?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"ids\":1}", 1)]
    [InlineData("{\"ids\":\"1\"}", 1)]
    [InlineData("{\"ids\":[]}", 0)]
    [InlineData("{\"ids\":\"\"}", 0)]
    public async Task One_and_none_are_lists_too(string body, int count)
    {
        var fields = await Requests.JsonAsync(body);

        Assert.Equal(count, fields.Posts("ids", 4).Count);
        Assert.Null(fields.Problem);
    }

    [Theory]
    [InlineData("{\"ids\":\"1,,2\"}")]
    [InlineData("{\"ids\":[1,null]}")]
    [InlineData("{\"ids\":{}}")]
    [InlineData("{\"ids\":true}")]
    public async Task What_is_no_list_is_refused_by_name(string body)
    {
        var ids = await Requests.JsonAsync(body);
        var names = await Requests.JsonAsync(body);

        ids.Posts("ids", 4);
        names.Names("ids", 4);

        Assert.Equal("ids", ids.Problem?.Field);
        Assert.Equal("ids", names.Problem?.Field);
    }

    [Theory]
    [InlineData(Requests.Json, "{\"f\":true}", true)]
    [InlineData(Requests.Json, "{\"f\":false}", false)]
    [InlineData(Requests.Json, "{\"f\":\"false\"}", false)]
    [InlineData(Requests.Form, "f=1", true)]
    [InlineData(Requests.Form, "f=0", false)]
    public async Task Flags_are_read(string type, string body, bool expected)
    {
        var fields = await Requests.ReadAsync(type, body);

        Assert.Equal(expected, fields.Flag("f", !expected));
        Assert.Null(fields.Problem);
    }

    [Fact]
    public async Task What_is_no_flag_is_refused_by_name()
    {
        var fields = await Requests.FormAsync("f=yes");

        fields.Flag("f");

        Assert.Equal("f", fields.Problem?.Field);
    }
}
