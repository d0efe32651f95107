namespace Rookery.Kernel;

public enum ProblemKind
{
    /// <summary>A field is missing, ill-typed, empty, too long or out of range: 400.</summary>
    Invalid,

    /// <summary>No token, or one that is unknown or revoked: 401.</summary>
    Unauthenticated,

    /// <summary>The caller may not do this: 403.</summary>
    Forbidden,

    /// <summary>There is no such thing, or none that the caller may know of: 404.</summary>
    NotFound,

    /// <summary>Something in the way already exists: 409.</summary>
    Conflict,

    /// <summary>The body is larger than any request may be: 413.</summary>
    TooLarge,

    /// <summary>The body did not arrive in the time that it may take: 408.</summary>
    TooSlow,

    /// <summary>The body is of a kind that no endpoint reads: 415.</summary>
    UnsupportedMediaType,

    /// <summary>An idempotency key that was used for another request: 422.</summary>
    KeyReused,

    /// <summary>A limit is used up; <see cref="Problem.RetryAfter"/> says when it is not: 429.</summary>
    TooMany,

    /// <summary>The store cannot take this now; the same request may succeed later: 503.</summary>
    Unavailable,
}

/// <summary>
/// Why something was not done, in words that are safe to show: what was wrong and what would be right.
/// What the log says is written where the fault is caught, never taken from here.
/// </summary>
public sealed record Problem(
    ProblemKind Kind,
    string Detail,
    string? Field = null,
    TimeSpan? RetryAfter = null
)
{
    public static Problem Invalid(string field, string detail) =>
        new(ProblemKind.Invalid, detail, field);

    public static Problem NotFound(string detail, string? field = null) =>
        new(ProblemKind.NotFound, detail, field);

    public static Problem Forbidden(string detail) => new(ProblemKind.Forbidden, detail);

    public static Problem Conflict(string field, string detail) =>
        new(ProblemKind.Conflict, detail, field);

    public static Problem Unauthenticated(string detail) =>
        new(ProblemKind.Unauthenticated, detail);

    public static Problem TooMany(string detail, TimeSpan retryAfter) =>
        new(ProblemKind.TooMany, detail, null, retryAfter);

    public static Problem Unavailable(string detail) =>
        new(ProblemKind.Unavailable, detail, null, TimeSpan.FromSeconds(1));

    public static Problem NoAccount(AccountId id, string field) =>
        NotFound($"There is no account {id}.", field);

    public static Problem NoPost(PostId id, string field) =>
        NotFound($"There is no post {id}.", field);
}
