using Rookery.Api;
using Rookery.Tests.Api;
using Xunit;

namespace Rookery.Tests.Mastodon;

public sealed class LenientFieldsTests
{
    [Theory]
    [InlineData("", 20)]
    [InlineData("limit=", 20)]
    [InlineData("limit=7", 7)]
    [InlineData("limit= 7 ", 7)]
    [InlineData("limit=40", 40)]
    [InlineData("limit=41", 40)]
    [InlineData("limit=99999999999999999999", 40)]
    [InlineData("limit=0", 20)]
    [InlineData("limit=-3", 20)]
    [InlineData("limit=-99999999999999999999", 20)]
    [InlineData("limit=1.5", 20)]
    [InlineData("limit=%EF%BC%97", 20)]
    [InlineData("limit=x", 20)]
    [InlineData("limit=%C3%28", 20)]
    [InlineData("limit=1&limit=2", 2)]
    [InlineData("limit[]=3", 3)]
    public void A_limit_is_cut_to_the_most_and_nonsense_is_the_default(string query, int limit) =>
        Assert.Equal(limit, Fields(query).Limit("limit", 20, 40));

    [Theory]
    [InlineData("", 0)]
    [InlineData("offset=-1", 0)]
    [InlineData("offset=abc", 0)]
    [InlineData("offset=30", 30)]
    [InlineData("offset=9223372036854775807", int.MaxValue)]
    public void An_offset_is_never_below_zero(string query, int offset) =>
        Assert.Equal(offset, Fields(query).Offset("offset"));

    [Theory]
    [InlineData("", false)]
    [InlineData("on=", false)]
    [InlineData("on=+", false)]
    [InlineData("on=false", false)]
    [InlineData("on=FALSE", false)]
    [InlineData("on=0", false)]
    [InlineData("on=f", false)]
    [InlineData("on=off", false)]
    [InlineData("on=true", true)]
    [InlineData("on=1", true)]
    [InlineData("on=no", true)]
    [InlineData("on=\u0130", true)]
    public void A_flag_is_false_for_few_words(string query, bool on) =>
        Assert.Equal(on, Fields(query).Flag("on"));

    [Theory]
    [InlineData("", null)]
    [InlineData("id=abc", null)]
    [InlineData("id=7.5", null)]
    [InlineData("id=+7", 7L)]
    [InlineData("id=%2B7", null)]
    [InlineData("id=7", 7L)]
    [InlineData("id=0", 0L)]
    [InlineData("id=-5", 0L)]
    [InlineData("id=99999999999999999999", long.MaxValue)]
    public void Any_id_can_be_compared_with(string query, long? id) =>
        Assert.Equal(id, Fields(query).Cursor("id")?.Value);

    [Theory]
    [InlineData("", null)]
    [InlineData("id=", null)]
    [InlineData("id=7", 7L)]
    [InlineData("id=abc", 0L)]
    [InlineData("id=-7", 0L)]
    public void What_is_no_account_is_one_that_there_never_is(string query, long? id) =>
        Assert.Equal(id, Fields(query).Account("id")?.Value);

    private static LenientFields Fields(string query) => new(Requests.Query($"?{query}"));
}
