using System.Globalization;
using System.Text;

namespace Rookery.Adapters.Sql;

/// <summary>Many ids as one parameter: a JSON array that the statement opens with <c>json_each</c>.</summary>
internal static class SqlList
{
    public static string Of(ReadOnlySpan<PostId> ids)
    {
        var list = new StringBuilder("[", 2 + (20 * ids.Length));
        foreach (var id in ids)
        {
            Append(list, id.Value);
        }

        return list.Append(']').ToString();
    }

    public static string Of(ReadOnlySpan<AccountId> ids)
    {
        var list = new StringBuilder("[", 2 + (20 * ids.Length));
        foreach (var id in ids)
        {
            Append(list, id.Value);
        }

        return list.Append(']').ToString();
    }

    private static void Append(StringBuilder list, long value) =>
        (list.Length > 1 ? list.Append(',') : list).Append(
            CultureInfo.InvariantCulture,
            $"{value}"
        );
}
