using System.Text.RegularExpressions;
using Rookery.TestKit;

namespace Rookery.SystemTests.Live;

internal static partial class Streams
{
    /// <summary>What a status says, of a repost the original; without its markup and whom it mentions.</summary>
    public static string TextOf(SentEvent update)
    {
        var status = update.Json;
        var text = Markup().Replace(status.GetProperty("content").GetString()!, "");
        return Mentions().Replace(text, "");
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Markup();

    [GeneratedRegex("@[a-z0-9]+ ")]
    private static partial Regex Mentions();
}
