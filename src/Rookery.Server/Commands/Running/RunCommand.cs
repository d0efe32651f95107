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
        var started = await StartAsync(data, token);
        if (!started.Succeeded)
        {
            output.Error(started.Problem.Detail);
            return ExitCodes.Failed;
        }

        try
        {
            await using var opened = started.Value;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(
                token,
                opened.Host.Stopping
            );
            return await opened.Host.Runner.RunAsync(request, output, stop.Token);
        }
        catch (Exception fault)
            when (fault is IOException or StoreUnavailableException or UnauthorizedAccessException)
        {
            output.Error(fault.Message);
            return ExitCodes.Failed;
        }
    }

    private static async Task<Result<Opened>> StartAsync(string data, CancellationToken token)
    {
        DataFolder? folder = null;
        try
        {
            folder = DataFolder.TryOpen(data);
            return folder is null
                ? Problem.Conflict(
                    "data",
                    $"Another process has {Path.GetFullPath(data)} open and does not answer on {DataFolder.ControlSocket(data)}: it is starting or ending; try again."
                )
                : new Opened(folder, await CommandHost.StartAsync(folder, token));
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            folder?.Dispose();
            throw;
        }
#pragma warning disable CA1031 // The start's edge: whatever stands in its way is said in one line, and nothing stays open.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            folder?.Dispose();
            return Problem.Unavailable(StartFault.Explain(fault));
        }
    }

    private sealed record Opened(DataFolder Folder, CommandHost Host) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            Folder.Dispose();
        }
    }
}
