using System.CommandLine;
using Rookery.Server.Commands.Running;

namespace Rookery.Server.Commands;

internal static class DeadLettersCommand
{
    public static Command Create() =>
        new("dead-letters", "What consumers of events gave up on.") { List(), Replay(), Discard() };

    private static Command List()
    {
        var data = Shared.DataOption();
        var command = new Command("list", "List them.") { data };
        command.SetAction(
            (arguments, token) =>
                RunCommand.RunAsync(
                    arguments.GetRequiredValue(data),
                    new ListDeadLettersRequest(),
                    token
                )
        );
        return command;
    }

    private static Command Replay()
    {
        var data = Shared.DataOption();
        var consumer = new Option<string?>("--consumer") { Description = "Whose dead letter" };
        var sequence = new Option<long?>("--sequence") { Description = "Which event" };
        var database = DatabaseOption();
        var all = new Option<bool>("--all") { Description = "All of them" };
        var command = new Command("replay", "Hand them to their consumers again.")
        {
            data,
            consumer,
            sequence,
            database,
            all,
        };
        command.Validators.Add(arguments =>
        {
            var one =
                arguments.GetValue(consumer) is not null
                && arguments.GetValue(sequence) is not null;
            var none = arguments.GetValue(consumer) is null && arguments.GetValue(sequence) is null;
            if (arguments.GetValue(all) ? !none : !one)
            {
                arguments.AddError(
                    "Name one dead letter with --consumer and --sequence, or say --all."
                );
            }
        });
        command.SetAction(
            (arguments, token) =>
                RunCommand.RunAsync(
                    arguments.GetRequiredValue(data),
                    new ReplayDeadLettersRequest(
                        arguments.GetValue(consumer),
                        arguments.GetValue(sequence),
                        arguments.GetValue(database)
                    ),
                    token
                )
        );
        return command;
    }

    private static Command Discard()
    {
        var data = Shared.DataOption();
        var consumer = new Option<string>("--consumer")
        {
            Description = "Whose dead letters",
            Required = true,
        };
        var sequence = new Option<long?>("--sequence") { Description = "Which event" };
        var database = DatabaseOption();
        var all = new Option<bool>("--all") { Description = "All of this consumer's" };
        var yes = new Option<bool>("--yes")
        {
            Description = "What they would have done is never done; nothing brings them back",
        };
        var command = new Command("discard", "Forget them: for what nobody can ever apply.")
        {
            data,
            consumer,
            sequence,
            database,
            all,
            yes,
        };
        command.Validators.Add(arguments =>
        {
            if (arguments.GetValue(all) == arguments.GetValue(sequence) is not null)
            {
                arguments.AddError("Name one dead letter with --sequence, or say --all.");
            }
            else if (!arguments.GetValue(yes))
            {
                arguments.AddError(
                    "Say --yes: what is discarded is never applied, and nothing brings it back."
                );
            }
        });
        command.SetAction(
            (arguments, token) =>
                RunCommand.RunAsync(
                    arguments.GetRequiredValue(data),
                    new DiscardDeadLettersRequest(
                        arguments.GetRequiredValue(consumer),
                        arguments.GetValue(sequence),
                        arguments.GetValue(database)
                    ),
                    token
                )
        );
        return command;
    }

    private static Option<string?> DatabaseOption()
    {
        var option = new Option<string?>("--database")
        {
            Description = "Only those in the database of accounts, graph or posts",
        };
        option.AcceptOnlyFromAmong("accounts", "graph", "posts");
        return option;
    }
}
