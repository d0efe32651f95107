using Microsoft.AspNetCore.Http;

namespace Rookery.Api;

/// <summary>
/// The fields of one request: body first, then query. Reading never throws for what a client sent. The accessors note
/// the first thing that was wrong in <see cref="Problem"/> and return an empty value after it, so an endpoint reads all
/// its fields, asks for the problem once, and only then uses them.
/// <para>Optional accessors take a missing field and a JSON null for "not given"; anything else must be right.</para>
/// </summary>
internal sealed class RequestFields
{
    private readonly HttpRequest _request;
    private readonly string _query;
    private readonly FieldTable? _body;

    private RequestFields(HttpRequest request, FieldTable? body, Problem? problem)
    {
        _request = request;
        _query = request.QueryString.Value ?? "";
        _body = body;
        Problem = problem;
    }

    /// <summary>The first thing that was wrong with the request, or null.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>For GET: path and query only. Nothing but this object is allocated for ids and numbers.</summary>
    public static RequestFields OfQuery(HttpContext context) => new(context.Request, null, null);

    /// <summary>
    /// Reads the body whatever its kind: JSON (also when only its first byte says so), form, multipart.
    /// A body that cannot be read is the <see cref="Problem"/>.
    /// </summary>
    public static async ValueTask<RequestFields> ReadAsync(HttpContext context)
    {
        var read = await RequestBody.ReadAsync(context.Request);
        if (!read.Succeeded)
        {
            return new(context.Request, null, read.Problem);
        }

        using var body = read.Value;
        var fields = new FieldTable();
        var problem = await BodyKind.ReadFieldsAsync(context.Request, body.Bytes, fields);
        return new(context.Request, problem is null ? fields : null, problem);
    }

    /// <summary>Of a body that the endpoint has read itself.</summary>
    public static RequestFields Of(HttpContext context, FieldTable body) =>
        new(context.Request, body, null);

    /// <summary>True when the field was sent, right or wrong, and is not null.</summary>
    public bool Has(string name) => Find(name).Kind is not (FieldKind.Absent or FieldKind.Null);

    /// <summary>The field as it was sent, for who has rules of its own; nothing is noted.</summary>
    public FieldValue Sent(string name) => Find(name);

    public AccountId Account(string name) => new(Id(name, Find(name)));

    public AccountId? OptionalAccount(string name) =>
        Given(Find(name), out var value) ? new AccountId(Id(name, value)) : null;

    public PostId Post(string name) => new(Id(name, Find(name)));

    public PostId? OptionalPost(string name) =>
        Given(Find(name), out var value) ? new PostId(Id(name, value)) : null;

    /// <summary>An id in the path: <c>/users/{id}</c>.</summary>
    public AccountId PathAccount(string name) => new(Id(name, InPath(name)));

    /// <summary>An id in the path: <c>/tweets/{id}</c>.</summary>
    public PostId PathPost(string name) => new(Id(name, InPath(name)));

    /// <summary>An id in the path: <c>/api/v1/media/{id}</c>.</summary>
    public MediaId PathMedium(string name) => new(Id(name, InPath(name)));

    /// <summary>Text in the path: <c>/media/{medium}</c>.</summary>
    public string PathText(string name) => _request.RouteValues[name] as string ?? "";

    /// <summary>Text of <paramref name="min"/> to <paramref name="max"/> characters (code points), as it was sent.</summary>
    /// <param name="alias">Another name that is read when <paramref name="name"/> is not there.</param>
    public string Text(string name, int max = int.MaxValue, int min = 1, string? alias = null)
    {
        var value = Find(ref name, alias);
        var wrong = FieldRules.WrongWithText(value, min, max);
        return wrong is null ? value.Text.ToString() : Wrong(name, value, wrong, "");
    }

    public string? OptionalText(
        string name,
        int max = int.MaxValue,
        int min = 1,
        string? alias = null
    ) => Given(Find(ref name, alias), out _) ? Text(name, max, min) : null;

    /// <summary><c>true</c> and <c>false</c>, in forms also <c>1</c> and <c>0</c>.</summary>
    public bool Flag(string name, bool otherwise = false)
    {
        if (!Given(Find(name), out var value))
        {
            return otherwise;
        }

        return FieldRules.TryFlag(value, out var flag)
            ? flag
            : Wrong(name, value, "true or false", otherwise);
    }

    public bool? OptionalFlag(string name) => Given(Find(name), out _) ? Flag(name) : null;

    /// <summary>An integer of <paramref name="min"/> to <paramref name="max"/>.</summary>
    public int Number(string name, int min, int max, int otherwise, string? alias = null)
    {
        if (!Given(Find(ref name, alias), out var value))
        {
            return otherwise;
        }

        return FieldRules.TryInteger(value, out var number) && number >= min && number <= max
            ? (int)number
            : Wrong(name, value, $"an integer from {min} to {max}", otherwise);
    }

    /// <summary>One id, several with commas, or an array; empty when not given.</summary>
    public IReadOnlyList<AccountId> Accounts(string name, int max) =>
        Many<AccountId>(
            name,
            max,
            FieldRules.IdRule,
            static item => FieldRules.TryId(item, out var id) ? new AccountId(id) : null
        );

    /// <summary>One id, several with commas, or an array; empty when not given.</summary>
    public IReadOnlyList<PostId> Posts(string name, int max) =>
        Many<PostId>(
            name,
            max,
            FieldRules.IdRule,
            static item => FieldRules.TryId(item, out var id) ? new PostId(id) : null
        );

    /// <summary>Opaque names such as media ids: one, several with commas, or an array; empty when not given.</summary>
    public IReadOnlyList<string> Names(string name, int max)
    {
        var found = Many<ReadOnlyMemory<char>>(
            name,
            max,
            "text of 1 to 100 characters, or a number",
            static item =>
                item.Kind is FieldKind.Text or FieldKind.Number
                && item.Text.Length is > 0 and <= 100
                && !item.Text.Span.Contains('\0')
                    ? item.Text
                    : (ReadOnlyMemory<char>?)null
        );
        return found.Count == 0 ? [] : [.. found.Select(item => item.ToString())];
    }

    /// <summary>As <see cref="Names"/>. What is no id names no medium.</summary>
    public IReadOnlyList<MediaId> Media(string name, int max)
    {
        var media = new List<MediaId>();
        foreach (var one in Names(name, max))
        {
            if (FieldRules.TryId(FieldValue.OfText(one), out var id))
            {
                media.Add(new MediaId(id));
            }
            else
            {
                Problem ??= Kernel.Problem.NotFound($"There is no medium {one}.", name);
            }
        }

        return media;
    }

    /// <summary>Notes what is wrong with a field that was read, in words that follow its name: <c>must be …</c>.</summary>
    public void Refuse(string name, string wrong) =>
        Problem ??= Kernel.Problem.Invalid(name, $"{name} {wrong}.");

    /// <summary><c>count</c> (or <c>limit</c>), <c>max_id</c>, <c>since_id</c>, <c>min_id</c>.</summary>
    public Page Page() =>
        new(
            Number("count", 1, Kernel.Page.MaxCount, Kernel.Page.DefaultCount, "limit"),
            OptionalPost("max_id"),
            OptionalPost("since_id"),
            OptionalPost("min_id")
        );

    private FieldValue Find(string name) =>
        _body is not null && _body.TryGet(name, out var value)
            ? value
            : QueryText.Find(_query, name);

    /// <summary><paramref name="name"/> becomes the one that was used, so that problems name what the client wrote.</summary>
    private FieldValue Find(ref string name, string? alias)
    {
        var value = Find(name);
        if (value.Kind != FieldKind.Absent || alias is null)
        {
            return value;
        }

        var other = Find(alias);
        name = other.Kind == FieldKind.Absent ? name : alias;
        return other;
    }

    private FieldValue InPath(string name) =>
        _request.RouteValues[name] is string text
            ? FieldValue.OfText(text)
            : FieldValue.Of(FieldKind.Absent);

    private static bool Given(FieldValue found, out FieldValue value)
    {
        value = found;
        return found.Kind is not (FieldKind.Absent or FieldKind.Null);
    }

    private long Id(string name, in FieldValue value) =>
        FieldRules.TryId(value, out var id) ? id : Wrong(name, value, FieldRules.IdRule, 0L);

    private List<T> Many<T>(string name, int max, string rule, Func<FieldValue, T?> parse)
        where T : struct
    {
        var many = new List<T>();
        if (!Given(Find(name), out var value))
        {
            return many;
        }

        foreach (var item in Items(value))
        {
            if (parse(item) is not { } parsed || many.Count == max)
            {
                return Wrong(
                    name,
                    value,
                    $"at most {max} values, separated by commas or in an array, each {rule}",
                    many
                );
            }

            many.Add(parsed);
        }

        return many;
    }

    private static IEnumerable<FieldValue> Items(FieldValue value)
    {
        if (value.Kind != FieldKind.Text)
        {
            return value.Items ?? [value];
        }

        // A form sends a field that was left empty.
        return value.Text.Span.IsWhiteSpace() ? [] : Pieces(value.Text);
    }

    /// <summary>One at a time: who asks for ten never cuts a million.</summary>
    private static IEnumerable<FieldValue> Pieces(ReadOnlyMemory<char> text)
    {
        for (var end = text.Span.IndexOf(','); end >= 0; end = text.Span.IndexOf(','))
        {
            yield return FieldValue.OfText(text[..end].Trim());
            text = text[(end + 1)..];
        }

        yield return FieldValue.OfText(text.Trim());
    }

    private T Wrong<T>(string name, in FieldValue value, string rule, T empty)
    {
        Problem ??= Kernel.Problem.Invalid(
            name,
            value.Kind switch
            {
                FieldKind.Absent => $"{name} is missing; it must be {rule}.",
                FieldKind.Null => $"{name} is null; it must be {rule}.",
                FieldKind.File => $"{name} is a file; it must be {rule}.",
                FieldKind.List when value.Items?.Count > 1 =>
                    $"{name} has several values; it must be {rule}.",
                FieldKind.Unreadable =>
                    $"{name} is not percent-encoded UTF-8 text; it must be {rule}.",
                _ => $"{name} must be {rule}.",
            }
        );
        return empty;
    }
}
