using Rookery.Api;

namespace Rookery.Adapters.Sql;

/// <summary>A database that cannot give out ids cannot take posts.</summary>
internal sealed class SqlReadiness(SqlDatabase database) : IReadiness
{
    public string? Problem =>
        database.Writes.ClockBehind is { } behind
            ? $"The clock stands {behind.TotalSeconds:F0} s behind the last id issued; no post is accepted until it has passed it."
            : null;
}
