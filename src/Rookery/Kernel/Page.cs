namespace Rookery.Kernel;

/// <summary>
/// Which part of a list is asked for, newest first. <c>MaxId</c>: strictly older. <c>SinceId</c>: strictly newer, taken
/// from the top. <c>MinId</c>: strictly newer, the page just above it. All may be combined.
/// </summary>
public readonly record struct Page(
    int Count,
    PostId? MaxId = null,
    PostId? SinceId = null,
    PostId? MinId = null
)
{
    public const int DefaultCount = 20;
    public const int MaxCount = 200;

    /// <summary>Ids must be smaller than this.</summary>
    public long Below => MaxId?.Value ?? long.MaxValue;

    /// <summary>Ids must be larger than this.</summary>
    public long Above => Math.Max(SinceId?.Value ?? 0, MinId?.Value ?? 0);

    /// <summary>True when the page is taken from its lower end: the oldest ids above <see cref="Above"/>.</summary>
    public bool FromBelow => MinId is not null;
}
