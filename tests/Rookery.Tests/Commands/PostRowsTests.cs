using Rookery.Posts;
using Rookery.Server.Commands.Import;
using Xunit;

namespace Rookery.Tests.Commands;

public sealed class PostRowsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly RefusedRows _refused = new();
    private readonly PostRows _rows = new(new PostsOptions(), Now);

    [Theory]
    [InlineData("Michelle &amp; I", "Michelle & I")]
    [InlineData("1 &lt; 2 &gt; 0 &quot;x&quot; &#39;y&#39; &#x1F600;", "1 < 2 > 0 \"x\" 'y' 😀")]
    [InlineData("&amp;lt; is said once", "&lt; is said once")]
    [InlineData("AT&T & co", "AT&T & co")]
    public void Entities_are_decoded_once(string written, string meant) =>
        Assert.Equal(meant, Draft(Row(text: written))!.Text.Text);

    [Theory]
    [InlineData("2005-12-31T23:59:59Z")]
    [InlineData("2026-01-02T00:00:01Z")]
    [InlineData("soon")]
    [InlineData(null)]
    public void A_date_that_no_id_can_be_made_of_is_refused(string? date) =>
        Refuses(Row(date: date));

    [Theory]
    [InlineData("2006-01-01T00:00:00Z")]
    [InlineData("2026-01-02T00:00:00Z")]
    public void The_first_and_the_last_possible_date_are_taken(string date) =>
        Assert.NotNull(Draft(Row(date: date)));

    [Theory]
    [InlineData("")]
    [InlineData(" @ ")]
    [InlineData(null)]
    public void A_row_without_an_author_is_refused(string? user) => Refuses(Row(user: user));

    [Theory]
    [InlineData("")]
    [InlineData(" \u200B ")]
    [InlineData(null)]
    public void A_row_without_a_text_is_refused(string? text) => Refuses(Row(text: text));

    [Fact]
    public void A_text_longer_than_new_posts_is_kept_whole_and_counted()
    {
        var text = new string('x', PostRows.MaxUnits);

        Assert.Equal(text, Draft(Row(text: text))!.Text.Text);
        Assert.Equal(1, _rows.Longer);
        Refuses(Row(text: text + "x"));
    }

    [Fact]
    public void Many_short_links_do_not_make_a_text_too_long()
    {
        var links = string.Concat(Enumerable.Repeat("http://a.b ", 400)).Trim();

        Assert.Equal(400, Draft(Row(text: links))!.Text.Entities.Count);
    }

    [Fact]
    public void A_post_is_known_by_its_url_and_by_its_author_and_id() =>
        Assert.Equal(
            ["url:https://example.org/1", "id:ali:1"],
            Draft(Row(user: "@Ali", id: "1", url: "https://example.org/1"))!.Keys
        );

    [Fact]
    public void Without_id_and_url_the_same_words_twice_are_two_posts_and_the_same_ones_next_time()
    {
        var first = new[] { KeyOf("a"), KeyOf("a"), KeyOf("b") };
        var again = new PostRows(new PostsOptions(), Now);

        Assert.Equal(3, first.Distinct().Count());
        Assert.Equal(first[0], again.Draft(Row(text: "a"), _refused)!.Keys.Single());
        Assert.Equal(first[1], again.Draft(Row(text: "a"), _refused)!.Keys.Single());
    }

    [Fact]
    public void Refusals_name_reason_number_and_the_first_lines()
    {
        for (var line = 1; line <= 7; line++)
        {
            Draft(Row(date: "soon") with { Line = line });
        }

        var lines = _refused.Lines().ToList();
        Assert.StartsWith(
            "  refused 7: the date cannot be read",
            lines[0],
            StringComparison.Ordinal
        );
        Assert.Equal("    line 1: \"soon\"", lines[1]);
        Assert.Equal(6, lines.Count);
    }

    private static SourceRow Row(
        string? text = "hello",
        string? user = "ali",
        string? date = "2017-01-01",
        string? id = null,
        string? url = null
    ) => new(1, text, user, date, id, url);

    private PostDraft? Draft(SourceRow row) => _rows.Draft(row, _refused);

    private string KeyOf(string text) => Draft(Row(text: text))!.Keys.Single();

    private void Refuses(SourceRow row)
    {
        var before = _refused.Count;
        Assert.Null(Draft(row));
        Assert.Equal(before + 1, _refused.Count);
    }
}
