using Microsoft.AspNetCore.Http;
using Rookery.Web.Languages;
using Xunit;

namespace Rookery.Tests.Languages;

public sealed class ChosenLanguageTests
{
    [Theory]
    [InlineData("", "", "en")]
    [InlineData("", "de", "de")]
    [InlineData("", "de-AT, en;q=0.5", "de")]
    [InlineData("", "DE-ch", "de")]
    [InlineData("", "fr, de;q=0.3, en;q=0.2", "de")]
    [InlineData("", "de;q=0.2, en-GB;q=0.9", "en")]
    [InlineData("", "en, de", "en")]
    [InlineData("", "de, en", "de")]
    [InlineData("", "de;q=0", "en")]
    [InlineData("", "*", "en")]
    [InlineData("", "fr", "en")]
    [InlineData("", "den", "en")]
    [InlineData("", ";;q=x", "en")]
    [InlineData("de", "en", "de")]
    [InlineData("en", "de", "en")]
    [InlineData("xx", "de", "de")]
    public void What_was_chosen_goes_before_what_the_browser_asks_for(
        string chosen,
        string asked,
        string expected
    )
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.AcceptLanguage = asked;
        context.Request.Headers.Cookie = $"rookery_language={chosen}";
        Assert.Equal(expected, ChosenLanguage.Of(context).Code);
    }
}
