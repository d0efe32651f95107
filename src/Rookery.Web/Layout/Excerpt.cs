using System.Globalization;
using System.Text;

namespace Rookery.Web.Layout;

/// <summary>The beginning of a text, as one line.</summary>
internal static class Excerpt
{
    /// <summary>What programs show of a description.</summary>
    public const int OfDescription = 200;

    /// <summary>What feed readers show in a list.</summary>
    public const int OfTitle = 80;

    /// <summary>At most so many characters, no sign of people cut in two.</summary>
    public static string Of(string text, int most)
    {
        var line = new StringBuilder(most);
        var left = most;
        foreach (var word in text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0)
            {
                line.Append(' ');
                left--;
            }

            for (var rest = word.AsSpan(); !rest.IsEmpty; left--)
            {
                if (left <= 0)
                {
                    return $"{line.ToString().TrimEnd()}…";
                }

                var length = StringInfo.GetNextTextElementLength(rest);
                line.Append(rest[..length]);
                rest = rest[length..];
            }
        }

        return line.ToString();
    }
}
