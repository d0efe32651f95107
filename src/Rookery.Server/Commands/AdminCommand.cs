using System.CommandLine;
using Rookery.Server.Commands.Admin;
using Rookery.Server.Commands.Running;

namespace Rookery.Server.Commands;

internal static class AdminCommand
{
    public static Command Create() =>
        new("admin", "Accounts, moderation and undeliverable events, for operators.")
        {
            CreateAccount(),
            SetPassword(),
            DeleteAccount(),
            ListAccounts(),
            ModerationCommands.Suspend(),
            ModerationCommands.Lift(),
            ModerationCommands.GiveRole(),
            ModerationCommands.ListModerators(),
            ModerationCommands.ListActs(),
            DeadLettersCommand.Create(),
        };

    private static Command CreateAccount()
    {
        var (data, username) = (Shared.DataOption(), Username());
        var email = new Option<string>("--email")
        {
            Description = "E-mail address",
            Required = true,
        };
        var command = new Command(
            "create-account",
            "Make an account. The password is asked for, or read from standard input."
        )
        {
            data,
            username,
            email,
        };
        command.SetAction(
            (arguments, token) =>
                PasswordPrompt.Read() is { } password
                    ? RunCommand.RunAsync(
                        arguments.GetRequiredValue(data),
                        new CreateAccountRequest(
                            arguments.GetRequiredValue(username),
                            arguments.GetRequiredValue(email),
                            password
                        ),
                        token
                    )
                    : Task.FromResult(ExitCodes.Failed)
        );
        return command;
    }

    private static Command SetPassword()
    {
        var (data, username) = (Shared.DataOption(), Username());
        var command = new Command(
            "set-password",
            "Set an account's password and end its sessions. The password is asked for, or read from standard input."
        )
        {
            data,
            username,
        };
        command.SetAction(
            (arguments, token) =>
                PasswordPrompt.Read() is { } password
                    ? RunCommand.RunAsync(
                        arguments.GetRequiredValue(data),
                        new SetPasswordRequest(arguments.GetRequiredValue(username), password),
                        token
                    )
                    : Task.FromResult(ExitCodes.Failed)
        );
        return command;
    }

    private static Command DeleteAccount()
    {
        var (data, username) = (Shared.DataOption(), Username());
        var yes = new Option<bool>("--yes")
        {
            Description =
                "Do not ask: everything of the account is removed and its name stays taken",
        };
        var command = new Command("delete-account", "Delete an account with all that hangs on it.")
        {
            data,
            username,
            yes,
        };
        command.SetAction(
            (arguments, token) =>
                arguments.GetValue(yes) || Confirmation.Ask(arguments.GetRequiredValue(username))
                    ? RunCommand.RunAsync(
                        arguments.GetRequiredValue(data),
                        new DeleteAccountRequest(arguments.GetRequiredValue(username)),
                        token
                    )
                    : Task.FromResult(ExitCodes.Failed)
        );
        return command;
    }

    private static Command ListAccounts()
    {
        var data = Shared.DataOption();
        var after = new Option<long>("--after") { Description = "Ids above this one (default: 0)" };
        var count = new Option<int>("--count")
        {
            Description = "How many at most (default: 50)",
            DefaultValueFactory = _ => 50,
        };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > Rookery.Accounts.ListAccounts.MaxCount)
            {
                result.AddError($"--count must be 1 to {Rookery.Accounts.ListAccounts.MaxCount}.");
            }
        });
        var command = new Command("list-accounts", "List accounts in the order of their ids.")
        {
            data,
            after,
            count,
        };
        command.SetAction(
            (arguments, token) =>
                RunCommand.RunAsync(
                    arguments.GetRequiredValue(data),
                    new ListAccountsRequest(arguments.GetValue(after), arguments.GetValue(count)),
                    token
                )
        );
        return command;
    }

    internal static Argument<string> Username() =>
        new("username") { Description = "The account's username" };
}
