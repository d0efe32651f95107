using Rookery.Server.Composition;

namespace Rookery.Server.Commands.Running;

/// <summary>
/// Runs a request where the folder is open: in the server that has it, over its socket; or here, with the folder open for this process alone.
/// </summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(
        string data,
        CommandRequest request,
        CancellationToken token
    )
    {
        var output = ConsoleOutput.Create();
        if (await ControlClient.TryRunAsync(data, request, output, token) is { } exit)
        {
            return exit;
        }

        if (
            !Directory.Exists(data)
            && request is not (ImportGraphRequest or ImportPostsRequest or CreateAccountRequest)
        )
        {
            output.Error(
                $"There is no folder {Path.GetFullPath(data)}; name the data folder with --data."
            );
            return ExitCodes.Failed;
        }

        return await RunHereAsync(data, request, output, token);
    }

    private static async Task<int> RunHereAsync(
        string data,
        CommandRequest request,
        ConsoleOutput output,
        CancellationToken token
    )
    {
        try
        {
            using var folder = DataFolder.TryOpen(data);
            if (folder is null)
            {
                output.Error(
                    $"Another process has {Path.GetFullPath(data)} open and does not answer on {DataFolder.ControlSocket(data)}: it is starting or ending; try again."
                );
                return ExitCodes.Failed;
            }

            await using var host = await CommandHost.StartAsync(folder, token);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(token, host.Stopping);
            return await host.Runner.RunAsync(request, output, stop.Token);
        }
        catch (Exception fault)
            when (fault is IOException or StoreUnavailableException or UnauthorizedAccessException)
        {
            output.Error(fault.Message);
            return ExitCodes.Failed;
        }
    }
}
