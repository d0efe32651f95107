using System.Globalization;
using System.Text;

namespace Rookery.Adapters.Sql;

/// <summary>Text that was made elsewhere, as it can stand in a database and on an operator's terminal.</summary>
internal static class Storable
{
    /// <summary>
    /// Control characters but for the ends of lines and tabs, and halves of surrogate pairs, are written as <c>\u0000</c>: PostgreSQL refuses some of
    /// them, and what cannot be stored would be tried for ever.
    /// </summary>
    public static string Text(string text)
    {
        var storable = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
            {
                storable.Append(text, i++, 2);
            }
            else if (IsStorable(text[i]))
            {
                storable.Append(text[i]);
            }
            else
            {
                storable.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:X4}");
            }
        }

        return storable.ToString();
    }

    private static bool IsStorable(char unit) =>
        unit is '\n' or '\r' or '\t' || !(char.IsControl(unit) || char.IsSurrogate(unit));
}
