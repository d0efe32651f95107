using System.CommandLine;
using Rookery.Server.Composition;

namespace Rookery.Server.Commands;

/// <summary>What one server is asked to be.</summary>
internal sealed record ServeSettings(
    string Data,
    string? Urls = null,
    string? Roles = null,
    bool Dev = false
);

/// <summary>The options of <c>serve</c>, which the program without a command has too.</summary>
internal sealed class ServeOptions
{
    private readonly Option<string> _data = Shared.DataOption();

    private readonly Option<string?> _urls = new("--urls")
    {
        Description =
            "Addresses to listen on, with ; between several (default: the setting Urls, else http://127.0.0.1:8080)",
    };

    private readonly Option<string?> _roles = new("--roles")
    {
        Description = $"Roles to run, with commas: {string.Join(", ", Roles.Names)} (default: all)",
    };

    private readonly Option<bool> _dev = new("--dev")
    {
        Description =
            "Demo people with printed passwords; the service API without a key and no sign-up or log-in limits, on loopback only",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_urls);
        command.Options.Add(_roles);
        command.Options.Add(_dev);
    }

    public ServeSettings Read(ParseResult arguments) =>
        new(
            arguments.GetRequiredValue(_data),
            arguments.GetValue(_urls),
            arguments.GetValue(_roles),
            arguments.GetValue(_dev)
        );
}

internal static class ServeCommand
{
    public static Command Create()
    {
        var options = new ServeOptions();
        var command = new Command("serve", "Serve accounts, posts and timelines.");
        options.AddTo(command);
        command.SetAction((arguments, token) => RunAsync(options.Read(arguments), token));
        return command;
    }

    public static async Task<int> RunAsync(ServeSettings settings, CancellationToken token)
    {
        var started = await RookeryServer.StartAsync(settings, token);
        if (!started.Succeeded)
        {
            await Console.Error.WriteLineAsync($"rookery: {started.Problem.Detail}");
            return 1;
        }

        var server = started.Value;
        try
        {
            await server.RunAsync(token);
            return 0;
        }
        finally
        {
            await server.StopAsync();
        }
    }
}
