using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Rookery.Web.Visits;

namespace Rookery.Web.Languages;

/// <summary>In which language somebody is answered: the one that was chosen in this browser, else the best of those that it asks for, else English.</summary>
internal static class ChosenLanguage
{
    /// <summary>What an answer in it depends on, for whoever keeps answers.</summary>
    public static readonly string[] DependsOn = [HeaderNames.AcceptLanguage, HeaderNames.Cookie];

    public static Words Of(HttpContext context) =>
        Words.Find(Cookies.LanguageOf(context)) ?? Asked(context.Request);

    /// <summary>What says nothing of how much it is wanted is wanted most; of two alike the first.</summary>
    private static Words Asked(HttpRequest request)
    {
        if (
            !StringWithQualityHeaderValue.TryParseList(
                request.Headers.AcceptLanguage,
                out var asked
            )
        )
        {
            return Words.English;
        }

        var (best, most) = (Words.English, 0.0);
        foreach (var one in asked)
        {
            if ((one.Quality ?? 1) > most && Spoken(one.Value.ToString()) is { } words)
            {
                (best, most) = (words, one.Quality ?? 1);
            }
        }

        return best;
    }

    /// <summary>Who asks for the German of Austria is answered in German. Null for a language that the site does not speak.</summary>
    private static Words? Spoken(string tag)
    {
        for (; ; )
        {
            if (Words.Find(tag) is { } words)
            {
                return words;
            }

            var end = tag.LastIndexOf('-');
            if (end < 0)
            {
                return null;
            }

            tag = tag[..end];
        }
    }
}
