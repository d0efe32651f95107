using System.Text;

namespace Rookery.SystemTests.Routes;

/// <summary>What a field's value travels in.</summary>
internal enum Carrier
{
    Path,
    Query,
    Json,
    Form,
    Multipart,
}

/// <summary>What has to be answered to a wrong value.</summary>
internal enum Refusal
{
    /// <summary>400 that names the field.</summary>
    Invalid,

    /// <summary>Well-formed, and yet not right: any 4xx; what is 400 or 404 names the field.</summary>
    Refused,

    /// <summary>404 that names the field.</summary>
    NotFound,

    /// <summary>401.</summary>
    Unauthenticated,
}

/// <summary>One value of a field, spelled for each carrier; the bytes are sent as they are.</summary>
/// <param name="Json">What stands after the name in a JSON object; null: it cannot be said in JSON.</param>
/// <param name="Texts">The values in a form, a query or a path: two are sent as two fields; null: it cannot be said there.</param>
internal sealed record Sample(
    string What,
    byte[]? Json,
    IReadOnlyList<byte[]>? Texts,
    Refusal Refusal = Refusal.Invalid
)
{
    public const string SomebodyElses = "somebody else's";

    /// <summary>Sent as a file, which multipart alone can.</summary>
    public bool IsFile { get; private init; }

    public static Sample File { get; } =
        new(
            "a file",
            null,
            [
                [1, 2, 3],
            ]
        )
        {
            IsFile = true,
        };

    /// <summary>A file that is right.</summary>
    public static Sample FileOf(byte[] bytes) => new("a file", null, [bytes]) { IsFile = true };

    public static Sample Missing { get; } = new("missing", [], []);

    public bool IsMissing => Json is { Length: 0 };

    /// <summary>A text, or a number as a text: the same everywhere.</summary>
    public static Sample Text(string what, string text, Refusal refusal = Refusal.Invalid) =>
        new(what, Bytes($"\"{text}\""), [Bytes(text)], refusal);

    /// <summary>A JSON value that is no string; elsewhere there are only strings.</summary>
    public static Sample InJson(string json, Refusal refusal = Refusal.Invalid) =>
        new(json.Length > 40 ? json[..40] + "…" : json, Bytes(json), null, refusal);

    public static Sample Good(string text) => Text("good", text);

    public bool Fits(Carrier carrier) =>
        IsFile ? carrier == Carrier.Multipart
        : carrier == Carrier.Json ? Json is not null
        : carrier == Carrier.Path ? Texts is [{ Length: > 0 }]
        : Texts is not null;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
