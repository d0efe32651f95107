using Rookery.Delivery;
using Rookery.Server.Commands.Running;

namespace Rookery.Server.Commands.Admin;

/// <summary>An operator's view of what consumers gave up on, another try, and the end of it.</summary>
internal sealed class ManageDeadLetters(DeadLetters letters)
{
    public async Task<int> ListAsync(ICommandOutput output, CancellationToken token)
    {
        var all = await letters.ListAsync(token);
        foreach (var (_, capabilities, letter) in all)
        {
            // A number names an event of one outbox.
            var where = letters.AreDivided ? $"  {string.Join(',', capabilities)}" : "";
            output.Line(
                FormattableString.Invariant(
                    $"{letter.Consumer} {letter.Event.Sequence}{where}  {letter.Event.Name} v{letter.Event.Version}  {letter.Attempts} attempts  {letter.BuriedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}  {letter.Error}"
                )
            );
        }

        output.Line($"{all.Count} dead letters");
        return ExitCodes.Done;
    }

    public async Task<int> ReplayAsync(
        ReplayDeadLettersRequest request,
        ICommandOutput output,
        CancellationToken token
    )
    {
        var chosen = await ChooseAsync(request.Consumer, request.Sequence, request.Database, token);
        if (request.Sequence is not null && chosen.Count > 1)
        {
            return Ambiguous(chosen, output);
        }

        if (chosen.Count == 0 && request.Consumer is not null)
        {
            return NoSuch(output);
        }

        foreach (var letter in chosen)
        {
            var replayed = await letters.ReplayAsync(letter, token);
            if (!replayed.Succeeded)
            {
                output.Error(replayed.Problem.Detail);
            }
        }

        return await SummariseAsync(chosen, output, token);
    }

    public async Task<int> DiscardAsync(
        DiscardDeadLettersRequest request,
        ICommandOutput output,
        CancellationToken token
    )
    {
        var chosen = await ChooseAsync(request.Consumer, request.Sequence, request.Database, token);
        if (request.Sequence is not null && chosen.Count > 1)
        {
            return Ambiguous(chosen, output);
        }

        if (chosen.Count == 0)
        {
            return NoSuch(output);
        }

        foreach (var letter in chosen)
        {
            await DeadLetters.DiscardAsync(letter, token);
        }

        output.Line($"{chosen.Count} discarded");
        return ExitCodes.Done;
    }

    private async Task<List<StandingLetter>> ChooseAsync(
        string? consumer,
        long? sequence,
        string? database,
        CancellationToken token
    ) =>
        [
            .. (await letters.ListAsync(token))
                .Where(one => consumer is null || one.Letter.Consumer == consumer)
                .Where(one => sequence is null || one.Letter.Event.Sequence == sequence)
                .Where(one => database is null || one.Capabilities.Contains(database)),
        ];

    /// <summary>Alike by their number, and two events: a post and a follow, perhaps.</summary>
    private static int Ambiguous(List<StandingLetter> chosen, ICommandOutput output)
    {
        var ways = chosen.Select(one => $"--database {one.Capabilities[0]}");
        output.Error(
            $"There are {chosen.Count} dead letters of that number, each of another database's event; say which is meant with {string.Join(" or ", ways)}."
        );
        return ExitCodes.Failed;
    }

    private static int NoSuch(ICommandOutput output)
    {
        output.Error(
            "There is no such dead letter; rookery admin dead-letters list shows those there are."
        );
        return ExitCodes.Failed;
    }

    /// <summary>One that failed again stands among the dead letters again.</summary>
    private async Task<int> SummariseAsync(
        List<StandingLetter> replayed,
        ICommandOutput output,
        CancellationToken token
    )
    {
        var standing = (await letters.ListAsync(token)).Select(KeyOf).ToHashSet();
        var failed = replayed.Count(letter => standing.Contains(KeyOf(letter)));
        output.Line($"{replayed.Count - failed} applied, {failed} failed again");
        return failed == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static (DeliveryLine, string, long) KeyOf(StandingLetter one) =>
        (one.Line, one.Letter.Consumer, one.Letter.Event.Sequence);
}
