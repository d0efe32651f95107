using Rookery.Api;

namespace Rookery.Adapters.Sql;

/// <summary>
/// A process whose databases all cannot take writes should get none. While one of several can, it gets requests: those for the others are refused one by one,
/// and a balancer that took every process out for one database would stop what the rest of them can do.
/// </summary>
/// <param name="databases">Those that this process writes to.</param>
internal sealed class SqlReadiness(IReadOnlyList<SqlDatabase> databases) : IReadiness
{
    public string Name => "database";

    public string? Problem =>
        databases.Select(database => database.Writes.Problem).ToList() is var problems
        && problems.TrueForAll(problem => problem is not null)
            ? problems.FirstOrDefault()
            : null;
}
