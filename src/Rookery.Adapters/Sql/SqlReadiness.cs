using Rookery.Api;

namespace Rookery.Adapters.Sql;

/// <summary>A database that cannot take posts should get none.</summary>
internal sealed class SqlReadiness(SqlDatabase database) : IReadiness
{
    public string? Problem => database.Writes.Problem;
}
