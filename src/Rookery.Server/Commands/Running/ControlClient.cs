using System.Net.Sockets;
using System.Text.Json;
using Rookery.Server.Composition;

namespace Rookery.Server.Commands.Running;

/// <summary>Asks the server that has a folder open to run a command, over the folder's socket.</summary>
internal static class ControlClient
{
    /// <summary>The exit code, or null where no server listens: a socket that a killed server left behind is none.</summary>
    public static async Task<int?> TryRunAsync(
        string data,
        CommandRequest request,
        ICommandOutput output,
        CancellationToken token
    )
    {
        var path = DataFolder.ControlSocket(data);
        if (!File.Exists(path))
        {
            return null;
        }

        using var client = new HttpClient(Handler(path)) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, ControlApi.Url)
            {
                Content = JsonContent.Create(request, CommandJson.Default.CommandRequest),
            };
            using var response = await client.SendAsync(
                message,
                HttpCompletionOption.ResponseHeadersRead,
                token
            );
            response.EnsureSuccessStatusCode();
            return await FollowAsync(
                await response.Content.ReadAsStreamAsync(token),
                output,
                token
            );
        }
        catch (HttpRequestException fault) when (fault.InnerException is SocketException)
        {
            return null;
        }
        catch (HttpRequestException fault)
        {
            output.Error($"The server at {path} did not take the command: {fault.Message}");
            return ExitCodes.Failed;
        }
    }

    private static async Task<int> FollowAsync(
        Stream replies,
        ICommandOutput output,
        CancellationToken token
    )
    {
        try
        {
            using var lines = new StreamReader(replies);
            while (await lines.ReadLineAsync(token) is { } line)
            {
                var reply = JsonSerializer.Deserialize(line, CommandJson.Default.CommandReply)!;
                if (reply.Exit is { } exit)
                {
                    return exit;
                }

                Show(reply, output);
            }
        }
        catch (IOException)
        {
            // The server was killed: the same as an answer that ends too early.
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            output.Error("stopped; what was done stands, and running it again goes on from there.");
            return ExitCodes.Stopped;
        }

        output.Error(
            "The server ended before the command did; run it again when the server is back."
        );
        return ExitCodes.Failed;
    }

    private static void Show(CommandReply reply, ICommandOutput output)
    {
        if (reply.Line is { } line)
        {
            output.Line(line);
        }

        if (reply.Error is { } error)
        {
            output.Error(error);
        }

        if (reply.Part is { } part)
        {
            output.Progress(part, reply.Text ?? "");
        }
    }

    private static SocketsHttpHandler Handler(string path) =>
        new()
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(
                    AddressFamily.Unix,
                    SocketType.Stream,
                    ProtocolType.Unspecified
                );
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
}
