using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections.Features;
using Rookery.Server.Commands.Running;

namespace Rookery.Server.Composition;

/// <summary>
/// The program's commands, on the control socket only: for any other connection there is no such route. Not part of the public API, so it stands in no
/// document of it.
/// </summary>
internal static class ControlApi
{
    public const string Path = "/control/run";

    /// <summary>The host is never resolved: the client connects to the socket.</summary>
    public const string Url = "http://localhost" + Path;

    /// <param name="socket">The control socket's path: the operator may have named other sockets to serve on.</param>
    public static void Map(IEndpointRouteBuilder routes, string socket) =>
        routes.MapPost(Path, context => HandleAsync(context, socket)).ExcludeFromDescription();

    private static async Task HandleAsync(HttpContext context, string socket)
    {
        if (!IsOn(socket, context))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var token = context.RequestAborted;
        var request = await JsonSerializer.DeserializeAsync(
            context.Request.Body,
            CommandJson.Default.CommandRequest,
            token
        );
        var replies = Channel.CreateUnbounded<CommandReply>();
        var run = RunAsync(context.RequestServices, request!, replies.Writer, token);
        context.Response.ContentType = "application/x-ndjson";
        await foreach (var reply in replies.Reader.ReadAllAsync(token))
        {
            await JsonSerializer.SerializeAsync(
                context.Response.Body,
                reply,
                CommandJson.Default.CommandReply,
                token
            );
            await context.Response.Body.WriteAsync("\n"u8.ToArray(), token);
            await context.Response.Body.FlushAsync(token);
        }

        await run;
    }

    private static async Task RunAsync(
        IServiceProvider services,
        CommandRequest request,
        ChannelWriter<CommandReply> replies,
        CancellationToken token
    )
    {
        Exception? fault = null;
        try
        {
            // Off the request's thread: an import computes for long stretches without waiting for anything.
            await Task.Yield();
            var runner = services.GetRequiredService<CommandRunner>();
            var exit = await runner.RunAsync(request, new ReplyOutput(replies), token);
            replies.TryWrite(new CommandReply(Exit: exit));
        }
#pragma warning disable CA1031 // The fault is the request's, which throws it on.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            fault = thrown;
            replies.TryWrite(
                new CommandReply(
                    Error: $"The command failed: {thrown.Message} The server's log says more."
                )
            );
            replies.TryWrite(new CommandReply(Exit: ExitCodes.Failed));
        }

        replies.Complete(fault);
    }

    private static bool IsOn(string socket, HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>()?.Socket.LocalEndPoint
            is UnixDomainSocketEndPoint local
        && local.ToString() == socket;
}
