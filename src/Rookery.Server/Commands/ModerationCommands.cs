using System.CommandLine;
using Rookery.Server.Commands.Running;

namespace Rookery.Server.Commands;

/// <summary>Who moderates, and what operators do themselves.</summary>
internal static class ModerationCommands
{
    public static Command Suspend()
    {
        var (data, username, reason) = (Shared.DataOption(), AdminCommand.Username(), Reason());
        var command = new Command(
            "suspend-account",
            "Suspend an account: nobody can log in to it, and nothing of it is shown, until that is lifted."
        )
        {
            data,
            username,
            reason,
        };
        command.SetAction(
            (arguments, token) =>
                RunCommand.RunAsync(
                    arguments.GetRequiredValue(data),
                    new SuspendAccountRequest(
                        arguments.GetRequiredValue(username),
                        arguments.GetRequiredValue(reason)
                    ),
                    token
                )
        );
        return command;
    }

    public static Command Lift()
    {
        var (data, username, reason) = (Shared.DataOption(), AdminCommand.Username(), Reason());
        var command = new Command(
            "lift-suspension",
            "Show a suspended account and all that it posted again."
        )
        {
            data,
            username,
            reason,
        };
        command.SetAction(
            (arguments, token) =>
                RunCommand.RunAsync(
                    arguments.GetRequiredValue(data),
                    new LiftSuspensionRequest(
                        arguments.GetRequiredValue(username),
                        arguments.GetRequiredValue(reason)
                    ),
                    token
                )
        );
        return command;
    }

    public static Command GiveRole()
    {
        var (data, username) = (Shared.DataOption(), AdminCommand.Username());
        var role = new Argument<string>("role")
        {
            Description =
                "moderator: sees reports and suspends members; admin: suspends moderators too; member: neither",
        };
        role.AcceptOnlyFromAmong(Rookery.Accounts.GiveRole.Names);
        var command = new Command("give-role", "Make an account a moderator, an admin, or neither.")
        {
            data,
            username,
            role,
        };
        command.SetAction(
            (arguments, token) =>
                RunCommand.RunAsync(
                    arguments.GetRequiredValue(data),
                    new GiveRoleRequest(
                        arguments.GetRequiredValue(username),
                        arguments.GetRequiredValue(role)
                    ),
                    token
                )
        );
        return command;
    }

    public static Command ListModerators()
    {
        var data = Shared.DataOption();
        var command = new Command("list-moderators", "List the accounts that have a role.")
        {
            data,
        };
        command.SetAction(
            (arguments, token) =>
                RunCommand.RunAsync(
                    arguments.GetRequiredValue(data),
                    new ListModeratorsRequest(),
                    token
                )
        );
        return command;
    }

    public static Command ListActs()
    {
        var data = Shared.DataOption();
        var about = new Option<string?>("--about") { Description = "Only about this account" };
        var before = new Option<long>("--before")
        {
            Description = "Only what was done before the act with this id",
        };
        var command = new Command(
            "list-acts",
            "List what moderators and operators did: who, what, when and why."
        )
        {
            data,
            about,
            before,
        };
        command.SetAction(
            (arguments, token) =>
                RunCommand.RunAsync(
                    arguments.GetRequiredValue(data),
                    new ListActsRequest(arguments.GetValue(about), arguments.GetValue(before)),
                    token
                )
        );
        return command;
    }

    private static Option<string> Reason() =>
        new("--reason")
        {
            Description = "Why, for the record that moderators see",
            Required = true,
        };
}
