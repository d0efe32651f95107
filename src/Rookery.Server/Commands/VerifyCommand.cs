using System.CommandLine;
using Rookery.Server.Commands.Running;

namespace Rookery.Server.Commands;

internal static class VerifyCommand
{
    public static Command Create()
    {
        var data = Shared.DataOption();
        var repair = new Option<bool>("--repair") { Description = "Set right what differs" };
        var command = new Command(
            "verify",
            "Compare everything that is derived with what is stored. Exit code 0: nothing differs; 1: something does; 2: nothing was compared."
        )
        {
            data,
            repair,
        };
        command.SetAction(
            (arguments, token) =>
                RunCommand.RunAsync(
                    arguments.GetRequiredValue(data),
                    new VerifyRequest(arguments.GetValue(repair)),
                    token
                )
        );
        return command;
    }
}
