namespace Rookery.Api;

/// <summary>
/// Finds a field in the query string by scanning it: a query is short (Kestrel's request line ends at 8 kB) and asked for
/// few fields, so nothing is built of it; what needs no decoding is a slice of it.
/// </summary>
internal static class QueryText
{
    public static FieldValue Find(string query, string name)
    {
        var found = FieldValue.Of(FieldKind.Absent);
        var rest = query.AsMemory(query.StartsWith('?') ? 1 : 0);
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOf('&');
            var pair = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            var equals = pair.Span.IndexOf('=');
            var sent = equals < 0 ? pair : pair[..equals];
            if (IsName(sent, name, out var isList))
            {
                var value = ValueOf(equals < 0 ? default : pair[(equals + 1)..]);
                found = found.And(
                    isList && found.Kind == FieldKind.Absent ? FieldValue.OfList([value]) : value
                );
            }
        }

        return found;
    }

    private static FieldValue ValueOf(ReadOnlyMemory<char> encoded) =>
        FormText.Decode(encoded) is { } text
            ? FieldValue.OfText(text)
            : FieldValue.Of(FieldKind.Unreadable);

    private static bool IsName(ReadOnlyMemory<char> sent, string name, out bool isList)
    {
        isList = false;
        if (FormText.Decode(sent) is not { } decoded)
        {
            return false;
        }

        var span = decoded.Span;
        isList = span.EndsWith("[]");
        return (isList ? span[..^2] : span).SequenceEqual(name);
    }
}
