namespace Rookery.Api;

/// <summary>The fields of an <c>application/x-www-form-urlencoded</c> body.</summary>
internal static class FormFields
{
    /// <summary><paramref name="body"/> is overwritten.</summary>
    public static Problem? Read(Span<byte> body, FieldTable fields)
    {
        while (!body.IsEmpty)
        {
            var end = body.IndexOf((byte)'&');
            var pair = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (!pair.IsEmpty && ReadPair(pair, fields) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static Problem? ReadPair(Span<byte> pair, FieldTable fields)
    {
        var equals = pair.IndexOf((byte)'=');
        if (FormText.Decode(equals < 0 ? pair : pair[..equals]) is not { } name)
        {
            return new(
                ProblemKind.Invalid,
                "A field name in the body is not percent-encoded UTF-8 text."
            );
        }

        // A long name is refused by the table, which does not repeat it.
        var value = FormText.Decode(equals < 0 ? [] : pair[(equals + 1)..]);
        return value is null && name.Length <= FieldTable.MaxNameLength
            ? Problem.Invalid(name, $"{name} must be percent-encoded UTF-8 text.")
            : fields.AddAgain(name, FieldValue.OfText(value ?? ""));
    }
}
