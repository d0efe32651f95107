namespace Rookery.Api;

/// <summary>
/// The fields of one body by name. Bounded, so that a body of a million tiny fields costs neither memory nor a search
/// that grows with it: no request of any contract has a quarter as many.
/// </summary>
internal sealed class FieldTable
{
    public const int MaxNames = 64;
    public const int MaxItems = 1_000;
    public const int MaxNameLength = 100;

    private readonly List<KeyValuePair<string, FieldValue>> _fields = new(4);
    private int _items;

    public bool TryGet(string name, out FieldValue value)
    {
        var at = IndexOf(name);
        value = at < 0 ? default : _fields[at].Value;
        return at >= 0;
    }

    /// <summary>JSON: a name that comes twice could mean either value, so it means neither.</summary>
    public Problem? AddOnce(string name, FieldValue value) =>
        IndexOf(name) >= 0
            ? Problem.Invalid(name, $"{name} is in the body twice; send it once.")
            : Append(name, value);

    /// <summary>JSON: what stands in an object, which may be another's that has more than anything of ours: what is beyond the bounds is left out.</summary>
    public Problem? AddInner(string name, FieldValue value) =>
        name.Length > MaxNameLength || _fields.Count >= MaxNames / 2 ? null : AddOnce(name, value);

    /// <summary>Forms: <c>a=1&amp;a=2</c> and <c>a[]=1&amp;a[]=2</c> are lists.</summary>
    public Problem? AddAgain(string name, FieldValue value)
    {
        if (++_items > MaxItems)
        {
            return Problem.Invalid(
                name,
                $"The body has too many values; send at most {MaxItems} in one request."
            );
        }

        var isList = name.EndsWith("[]", StringComparison.Ordinal);
        var plain = isList ? name[..^2] : name;
        var at = IndexOf(plain);
        if (at < 0)
        {
            return Append(plain, isList ? FieldValue.OfList([value]) : value);
        }

        _fields[at] = new(plain, _fields[at].Value.And(value));
        return null;
    }

    private Problem? Append(string name, FieldValue value)
    {
        if (name.Length > MaxNameLength)
        {
            return new(
                ProblemKind.Invalid,
                $"A field name in the body is too long; the longest may have {MaxNameLength} characters."
            );
        }

        if (_fields.Count == MaxNames)
        {
            return Problem.Invalid(
                name,
                $"The body has too many fields; send at most {MaxNames} in one request."
            );
        }

        _fields.Add(new(name, value));
        return null;
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < _fields.Count; i++)
        {
            if (_fields[i].Key == name)
            {
                return i;
            }
        }

        return -1;
    }
}
