using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Rookery.Api.Mastodon;

/// <summary>
/// An account or a notification in a path, <c>/api/v1/accounts/{id}</c>, where a word for an act may stand too: whatever else is wrong as an id is refused by name, and the act keeps its
/// path.
/// </summary>
internal sealed class NoActConstraint : IRouteConstraint, IParameterLiteralNodeMatchingPolicy
{
    public const string Name = "noact";

    private static readonly string[] _acts = ["clear", "update_credentials"];

    public bool Match(
        HttpContext? httpContext,
        IRouter? route,
        string routeKey,
        RouteValueDictionary values,
        RouteDirection routeDirection
    ) => values[routeKey] is string text && MatchesLiteral(routeKey, text);

    /// <summary>Asked while routes are sorted: where it does not match, its methods are not among those that the act's path allows.</summary>
    public bool MatchesLiteral(string parameterName, string literal) =>
        !_acts.Contains(literal, StringComparer.OrdinalIgnoreCase);
}
