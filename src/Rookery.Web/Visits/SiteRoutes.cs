using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rookery.Api;
using Rookery.Web.Languages;
using Rookery.Web.Layout;

namespace Rookery.Web.Visits;

/// <summary>A page or a form's target: answers the visit, or returns the problem that kept it from answering.</summary>
internal delegate Task<Problem?> VisitHandler(Visit visit);

/// <summary>Reads what the form of a visit holds; a problem where that cannot be taken.</summary>
internal delegate Task<Result<Visit>> FormReader(Visit visit);

/// <summary>Shows what was sent without a session; null where nothing of it is worth keeping.</summary>
internal delegate Task<Problem?>? EndedHandler(Visit visit);

/// <summary>Who may visit.</summary>
internal enum Visiting
{
    Anybody,

    /// <summary>Strangers are asked to log in, and come back.</summary>
    Members,

    /// <summary>Counted by address alone, whoever sends it: what makes sessions.</summary>
    Newcomers,
}

/// <summary>How every route of the site is mapped. Nothing that changes anything is reached but through the checks here.</summary>
internal sealed class SiteRoutes(Visitors visitors)
{
    /// <summary>Marks the routes of the site in the route table.</summary>
    public const string Tag = "Web site";

    /// <summary>Marks those that a mail program calls.</summary>
    private const string MailTag = "Mail programs";

    /// <summary>Where one is after what was done, if nobody says where one was.</summary>
    public const string Home = "/home";

    public void Page(
        IEndpointRouteBuilder routes,
        string path,
        string summary,
        VisitHandler handler,
        Visiting who = Visiting.Anybody,
        RouteLimit limit = RouteLimit.Reads
    )
    {
        var doc = Doc(summary, who, limit);
        Map(routes, HttpMethods.Get, path, doc, context => ShowAsync(context, doc, who, handler));
    }

    /// <summary>What programs fetch, the same for everybody: nobody's session is looked at. Found before pages whose pattern its path has too.</summary>
    public static void Document(
        IEndpointRouteBuilder routes,
        string path,
        string summary,
        VisitHandler handler,
        RouteLimit limit = RouteLimit.Reads
    ) =>
        Map(
            routes,
            HttpMethods.Get,
            path,
            new RouteDoc(summary, AuthKind.None) { Tag = Tag, Limit = limit },
            context =>
            {
                SecurityHeaders.Put(context.Response);
                return handler(new Visit(context, RequestFields.OfQuery(context), null, ""));
            },
            order: -1
        );

    /// <summary>The target of a form. It changes something, so it must come from a form of ours.</summary>
    /// <param name="read">Where it holds more than short texts.</param>
    /// <param name="ended">For members whose session has ended; otherwise they are asked to log in, and come back.</param>
    public void Form(
        IEndpointRouteBuilder routes,
        string path,
        string summary,
        VisitHandler handler,
        Visiting who = Visiting.Members,
        RouteLimit limit = RouteLimit.Writes,
        int? maxBodyBytes = null,
        FormReader? read = null,
        EndedHandler? ended = null
    )
    {
        var doc = Doc(summary, who, limit) with { MaxBodyBytes = maxBodyBytes };
        read ??= ReadAsync;
        Map(
            routes,
            HttpMethods.Post,
            path,
            doc,
            context => TakeAsync(context, doc, who, read, handler, ended)
        );
    }

    /// <summary>
    /// What a mail program sends for its reader (RFC 8058), with no cookie and from nowhere: its path proves all that it needs to, and whoever sees that path could send it from anywhere.
    /// </summary>
    public static void FromMail(
        IEndpointRouteBuilder routes,
        string path,
        string summary,
        VisitHandler handler
    ) =>
        Map(
            routes,
            HttpMethods.Post,
            path,
            new RouteDoc(summary, AuthKind.None) { Tag = MailTag, Limit = RouteLimit.Writes },
            context =>
            {
                SecurityHeaders.Put(context.Response);
                return handler(new Visit(context, RequestFields.OfQuery(context), null, ""));
            }
        );

    private static RouteDoc Doc(string summary, Visiting who, RouteLimit limit) =>
        new(
            summary,
            who switch
            {
                Visiting.Members => AuthKind.Token,
                Visiting.Newcomers => AuthKind.None,
                _ => AuthKind.OptionalToken,
            }
        )
        {
            Tag = Tag,
            Limit = limit,
        };

    private static void Map(
        IEndpointRouteBuilder routes,
        string method,
        string path,
        RouteDoc doc,
        Handler handler,
        int order = 0
    ) =>
        Endpoints
            .Map(routes, method, path, context => AnswerAsync(context, handler), doc)
            .Add(endpoint =>
            {
                // The document is for programs; they have the APIs.
                endpoint.Metadata.Add(new ExcludeFromDescriptionAttribute());
                ((RouteEndpointBuilder)endpoint).Order = order;
            });

    /// <summary>The script shows what a problem says where its page shows nothing of its own.</summary>
    private static async Task<Problem?> AnswerAsync(HttpContext context, Handler handler)
    {
        var problem = await handler(context);
        return problem is not null && Visit.ByScript(context.Request)
            ? problem with
            {
                Detail = ChosenLanguage.Of(context).Said(problem.Detail).Text,
            }
            : problem;
    }

    private async Task<Problem?> ShowAsync(
        HttpContext context,
        RouteDoc doc,
        Visiting who,
        VisitHandler handler
    )
    {
        SecurityHeaders.Put(context.Response);
        var met = await visitors.MeetAsync(context, doc);
        if (!met.Succeeded)
        {
            return met.Problem;
        }

        var visit = met.Value;
        return who == Visiting.Members && visit.Me is null
            ? visit.SeeOther(LocalPath.LogIn(visit.Here))
            : await handler(visit);
    }

    private async Task<Problem?> TakeAsync(
        HttpContext context,
        RouteDoc doc,
        Visiting who,
        FormReader read,
        VisitHandler handler,
        EndedHandler? ended
    )
    {
        SecurityHeaders.Put(context.Response);
        var met = await visitors.MeetAsync(context, doc);
        if ((met.Problem ?? SameOrigin.Refuse(context.Request)) is { } refused)
        {
            return refused;
        }

        var sent = await read(met.Value);
        if (!sent.Succeeded)
        {
            return sent.Problem;
        }

        var visit = sent.Value;
        if (who == Visiting.Members && visit.Me is null)
        {
            // The session ended while the page stood open. What the script sends it has kept itself.
            return !visit.IsByScript && ended?.Invoke(visit) is { } shown
                ? await shown
                : visit.SeeOther(LocalPath.LogIn(visit.Back(Home)));
        }

        visit = visit with { FormSecret = SecretOf(visit) };
        return FormToken.IsOf(visit.FormSecret, visit.Text(FormToken.Field))
            ? await handler(visit)
            : Problem.Forbidden(
                "This form is not one that this site made for this browser, or it is too old; go back, load the page again, and send it once more."
            );
    }

    private static async Task<Result<Visit>> ReadAsync(Visit visit) =>
        visit with
        {
            Fields = await RequestFields.ReadAsync(visit.Context),
        };

    private static string SecretOf(Visit visit) =>
        visit.Session.Length > 0 ? visit.Session : Cookies.FormOf(visit.Context);
}
