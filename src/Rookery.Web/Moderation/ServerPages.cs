using System.Globalization;
using Microsoft.AspNetCore.Routing;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Delivery;
using Rookery.Mail;
using Rookery.Web.Layout;
using Rookery.Web.Visits;

namespace Rookery.Web.Moderation;

/// <summary>What a consumer gave up on, as admins see it.</summary>
/// <param name="Database">A capability whose event it is: a number alone names one event in each database.</param>
public sealed record LetterView(
    string Consumer,
    string Database,
    long Sequence,
    string Event,
    int Attempts,
    string Error,
    DateTimeOffset BuriedAt
)
{
    public string Name => $"{Consumer} {Sequence} of {Database}, {Event}";
}

/// <summary>How far a consumer is behind what happened.</summary>
/// <param name="Databases">The capabilities whose events it is about.</param>
/// <param name="Behind">Events.</param>
public sealed record PositionView(string Consumer, string Databases, long Behind);

/// <param name="Problems">Why the process that made the page should get no requests; empty where it should.</param>
/// <param name="Letters">The oldest.</param>
/// <param name="Wrong">What is wrong with a form, and the letter that it is about.</param>
public sealed record ServerModel(
    Frame Frame,
    IReadOnlyList<string> Problems,
    IReadOnlyList<PositionView> Positions,
    MailBacklog Mail,
    IReadOnlyList<LetterView> Letters,
    int MoreLetters,
    (string Letter, Problem Problem)? Wrong = null
);

/// <summary>How the server is, and what its consumers gave up on, for admins. To all others there is no such page.</summary>
internal sealed class ServerPages(
    Pages pages,
    SiteRoutes site,
    ReadModeration moderation,
    RecordAct record,
    IEnumerable<IReadiness> parts,
    ReadPositions positions,
    IMails mails,
    DeadLetters letters
)
{
    private const string Root = ModerationPages.Root + "/server";
    private const int OnPage = 50;

    private readonly IReadiness[] _parts = [.. parts];

    public void Map(IEndpointRouteBuilder routes)
    {
        site.Page(
            routes,
            Root,
            "How the server is, for admins",
            visit => moderation.AsAsync(AccountRole.Admin, visit, ShowAsync),
            Visiting.Members
        );
        Form("replay", "Hand a dead letter to its consumer again", ReplayAsync);
        Form("discard", "Forget a dead letter", DiscardAsync);

        void Form(string name, string summary, LetterAct act) =>
            site.Form(
                routes,
                $"{Root}/{name}",
                summary,
                visit => moderation.AsAsync(AccountRole.Admin, visit, one => DecideAsync(one, act))
            );
    }

    private async Task<Problem?> ShowAsync(Visit visit) =>
        await pages.ShowAsync<ServerPage>(visit, await ModelAsync(visit));

    private async Task<Problem?> DecideAsync(Visit visit, LetterAct act)
    {
        var consumer = visit.Text("consumer");
        var database = visit.Text("database");
        // Below zero where nobody could read what came.
        if (
            !long.TryParse(
                visit.Text("sequence"),
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var sequence
            )
        )
        {
            visit.Fields.Refuse("sequence", "is no number of an event");
        }

        if (visit.Fields.Problem is { } wrong)
        {
            return wrong;
        }

        // Two admins may decide at the same time: what is not there any more was decided.
        if (await letters.FindAsync(consumer, sequence, database, visit.Gone) is not { } letter)
        {
            return visit.SeeOther(Root);
        }

        var decided = await act(visit, letter);
        return decided.Succeeded
            ? visit.SeeOther(Root)
            : await pages.ShowAsync<ServerPage>(
                visit,
                await ModelAsync(visit) with
                {
                    Wrong = (ViewOf(letter).Name, decided.Problem),
                },
                ProblemResponses.StatusOf(decided.Problem.Kind)
            );
    }

    private Task<Result<Done>> ReplayAsync(Visit visit, StandingLetter letter) =>
        letters.ReplayAsync(letter, visit.Gone);

    /// <summary>Written down first: nothing brings back what it would have done.</summary>
    private async Task<Result<Done>> DiscardAsync(Visit visit, StandingLetter letter)
    {
        var recorded = await record.HandleAsync(
            ActKind.LetterDiscarded,
            AccountRole.Admin,
            new Decision(visit.Member.Id, visit.Text("reason")),
            ViewOf(letter).Name,
            visit.Gone
        );
        if (recorded.Succeeded)
        {
            await DeadLetters.DiscardAsync(letter, visit.Gone);
        }

        return recorded;
    }

    private async ValueTask<ServerModel> ModelAsync(Visit visit)
    {
        var standing = await letters.ListAsync(visit.Gone);
        return new ServerModel(
            pages.FrameOf(visit, visit.Say.TheServer) with
            {
                Place = "settings",
            },
            [.. _parts.Select(part => part.Problem).OfType<string>()],
            [
                .. (await positions.HandleAsync(visit.Gone)).Select(one => new PositionView(
                    one.Consumer,
                    string.Join(", ", one.Capabilities),
                    one.Behind
                )),
            ],
            await mails.BacklogAsync(visit.Gone),
            [.. standing.OrderBy(one => one.Letter.BuriedAt).Take(OnPage).Select(ViewOf)],
            Math.Max(0, standing.Count - OnPage)
        );
    }

    private static LetterView ViewOf(StandingLetter standing)
    {
        var (_, capabilities, letter) = standing;
        return new LetterView(
            letter.Consumer,
            capabilities[0],
            letter.Event.Sequence,
            letter.Event.Name,
            letter.Attempts,
            letter.Error,
            letter.BuriedAt
        );
    }

    /// <summary>What is decided about a dead letter.</summary>
    private delegate Task<Result<Done>> LetterAct(Visit visit, StandingLetter letter);
}
