using System.Diagnostics;

namespace Rookery.SystemTests.Commands;

/// <summary>What a command answered.</summary>
internal sealed record CommandAnswer(int Exit, string Output, string Error)
{
    public override string ToString() => $"exit {Exit}\n{Output}\n{Error}";
}

/// <summary>The built program with one command, in a process of its own.</summary>
internal sealed class CommandProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private CommandProcess(
        string[] arguments,
        string? input,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        start.ArgumentList.Add(Program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.StandardInput.Write(input);
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The server's own output, beside this project's.</summary>
    public static string Program
    {
        get
        {
            var own = new DirectoryInfo(
                AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)
            );
            return Path.Combine(
                own.Parent!.Parent!.FullName,
                "Rookery.Server",
                own.Name,
                "Rookery.Server.dll"
            );
        }
    }

    public bool HasEnded => _process.HasExited;

    public static CommandProcess Start(params string[] arguments) => new(arguments, null);

    public static Task<CommandAnswer> RunAsync(params string[] arguments) =>
        RunWithAsync(null, arguments);

    /// <param name="input">What stands on its standard input.</param>
    public static async Task<CommandAnswer> RunWithAsync(string? input, params string[] arguments)
    {
        using var command = new CommandProcess(arguments, input);
        return await command.EndAsync();
    }

    public static async Task<CommandAnswer> RunInAsync(
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    )
    {
        using var command = new CommandProcess(arguments, null, environment);
        return await command.EndAsync();
    }

    public async Task<CommandAnswer> EndAsync()
    {
        await _process.WaitForExitAsync();
        return new CommandAnswer(_process.ExitCode, await _output, await _error);
    }

    /// <summary>As a crash does: no handler runs, nothing is flushed.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
