using Rookery.Api.Classic;
using Rookery.Api.Service;

namespace Rookery.Server.Composition;

/// <summary>What one role serves, and whose doors it needs beside it.</summary>
internal sealed record Role(
    string Name,
    IReadOnlyList<string> Needs,
    Action<IEndpointRouteBuilder> MapEndpoints
);

/// <summary>THE table of which endpoints and loops each role runs.</summary>
internal static class Roles
{
    public static IReadOnlyList<Role> All { get; } =
    [
        new(
            "accounts",
            ["graph", "posts"],
            routes =>
            {
                AccountsServiceApi.Map(routes);
                SessionsClassicApi.Map(routes);
                AccountsClassicApi.Map(routes);
            }
        ),
        new(
            "graph",
            ["accounts"],
            routes =>
            {
                GraphServiceApi.Map(routes);
                GraphClassicApi.Map(routes);
            }
        ),
        new(
            "posts",
            ["accounts", "graph"],
            routes =>
            {
                PostsServiceApi.Map(routes);
                PostsClassicApi.Map(routes);
            }
        ),
        new("fanout", ["graph", "posts", "timelines"], _ => { }),
        new(
            "timelines",
            ["accounts", "graph", "posts"],
            routes =>
            {
                TimelinesServiceApi.Map(routes);
                TimelinesClassicApi.Map(routes);
            }
        ),
        new("search", ["accounts", "graph", "posts", "timelines"], SearchClassicApi.Map),
    ];

    public static IEnumerable<string> Names => All.Select(role => role.Name);

    /// <summary>The named roles, all of them for null. A role whose doors nobody in this process serves cannot run.</summary>
    public static Result<List<Role>> Parse(string? list)
    {
        if (list is null)
        {
            return All.ToList();
        }

        var names = list.Split(
            ',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        if (names.Except(Names).FirstOrDefault() is { } unknown)
        {
            return Problem.Invalid(
                "roles",
                $"There is no role {unknown}; the roles are {string.Join(", ", Names)}."
            );
        }

        var chosen = All.Where(role => names.Contains(role.Name)).ToList();
        foreach (var role in chosen)
        {
            if (role.Needs.Except(names).FirstOrDefault() is { } missing)
            {
                return Problem.Invalid(
                    "roles",
                    $"Role {role.Name} needs role {missing} in the same process: both are on one database file, which one process has open."
                );
            }
        }

        return chosen.Count > 0
            ? chosen
            : Problem.Invalid("roles", $"Name at least one of {string.Join(", ", Names)}.");
    }
}
