namespace Rookery.Api;

internal enum FieldKind : byte
{
    Absent,
    Null,

    /// <summary>A JSON string, or any value of a form or a query.</summary>
    Text,
    Number,
    True,
    False,
    List,
    Object,
    File,

    /// <summary>Sent, but its bytes are not percent-encoded UTF-8.</summary>
    Unreadable,
}

/// <summary>One field as it was sent, before anybody said what it should be.</summary>
internal readonly struct FieldValue
{
    private FieldValue(FieldKind kind, ReadOnlyMemory<char> text, List<FieldValue>? items)
    {
        Kind = kind;
        Text = text;
        Items = items;
    }

    public FieldKind Kind { get; }

    /// <summary>The text, or a number as it was spelled.</summary>
    public ReadOnlyMemory<char> Text { get; }

    public List<FieldValue>? Items { get; }

    public static FieldValue Of(FieldKind kind) => new(kind, default, null);

    public static FieldValue OfText(ReadOnlyMemory<char> text) => new(FieldKind.Text, text, null);

    public static FieldValue OfText(string text) => OfText(text.AsMemory());

    public static FieldValue OfNumber(string spelled) =>
        new(FieldKind.Number, spelled.AsMemory(), null);

    public static FieldValue OfList(List<FieldValue> items) => new(FieldKind.List, default, items);

    /// <summary>A form or query says the same name again: what was one value becomes a list.</summary>
    public FieldValue And(FieldValue next)
    {
        if (Kind == FieldKind.Absent)
        {
            return next;
        }

        var items = Items ?? [this];
        items.Add(next);
        return OfList(items);
    }
}
