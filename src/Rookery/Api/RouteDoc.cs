namespace Rookery.Api;

internal enum AuthKind
{
    /// <summary>Anybody may call.</summary>
    None,

    /// <summary>A user's token, in <c>auth_token</c> or in the Authorization header.</summary>
    Token,

    /// <summary>More is seen with a user's token than without.</summary>
    OptionalToken,

    /// <summary>The service key in the Authorization header.</summary>
    ServiceKey,
}

internal enum FieldType
{
    /// <summary>A 64-bit id, as a number or as a string.</summary>
    Id,

    /// <summary>One id, several with commas, or an array.</summary>
    Ids,
    Text,

    /// <summary>One name, several with commas, or an array.</summary>
    Names,
    Integer,
    Flag,
    File,
}

internal enum FieldPlace
{
    Path,
    Query,
    Body,

    /// <summary>Either; the body wins.</summary>
    BodyOrQuery,
}

/// <summary>One field of a request. <c>Min</c> and <c>Max</c> are characters of a text, entries of a list, values of an integer.</summary>
internal sealed record FieldDoc(
    string Name,
    FieldType Type,
    FieldPlace Place,
    string Description,
    bool Required = true,
    long? Min = null,
    long? Max = null
)
{
    /// <summary>What is wrong with it counts as not given, and what is too large as the most: nothing that it holds is refused.</summary>
    public bool IsLenient { get; init; }
}

/// <summary>One answer of a route; the example is JSON as it is sent.</summary>
internal sealed record AnswerDoc(
    int Status,
    string Description,
    string? Example = null,
    string ContentType = "application/json"
);

/// <summary>
/// What a route is, declared where it is mapped. The OpenAPI document is made of nothing else, and a test finds the route
/// that has none.
/// </summary>
internal sealed record RouteDoc(string Summary, AuthKind Auth)
{
    public IReadOnlyList<FieldDoc> Fields { get; init; } = [];

    /// <summary>Success first. Refusals that follow from <see cref="Auth"/>, fields and limits need not be listed.</summary>
    public IReadOnlyList<AnswerDoc> Answers { get; init; } = [];

    /// <summary>What its requests are counted as; null: what its method and <see cref="Auth"/> say.</summary>
    public RouteLimit? Limit { get; init; }

    /// <summary>The longest body, null: what <see cref="Auth"/> says.</summary>
    public int? MaxBodyBytes { get; init; }

    /// <summary>The status of what is wrong with a field: Mastodon's part of the client API has its own.</summary>
    public int InvalidStatus { get; init; } = 400;

    /// <summary>Pages of other sites may call it, and its answers say what is left of the caller's limit.</summary>
    public bool IsForBrowsers { get; init; }

    /// <summary>The group it stands in, e.g. <c>Service API</c>.</summary>
    public string? Tag { get; init; }

    /// <summary>The four fields that page every list.</summary>
    public static IReadOnlyList<FieldDoc> PageFields { get; } =
    [
        new(
            "count",
            FieldType.Integer,
            FieldPlace.Query,
            $"How many (also as `limit`); {Kernel.Page.DefaultCount} when not given.",
            false,
            1,
            Kernel.Page.MaxCount
        ),
        new("max_id", FieldType.Id, FieldPlace.Query, "Only what is strictly older.", false),
        new(
            "since_id",
            FieldType.Id,
            FieldPlace.Query,
            "Only what is strictly newer, from the top.",
            false
        ),
        new("min_id", FieldType.Id, FieldPlace.Query, "The page just above this id.", false),
    ];
}
