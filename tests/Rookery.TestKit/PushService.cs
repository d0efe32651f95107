using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rookery.TestKit;

/// <summary>A push service in the test's process, over real HTTP, that keeps what it takes and answers as the test says.</summary>
internal sealed class PushService : IAsyncDisposable
{
    private readonly ConcurrentQueue<PushReceived> _received = new();
    private readonly string _address;
    private WebApplication? _app;

    private PushService(string address) => _address = address;

    /// <summary>Where it is, without a path.</summary>
    public string Origin { get; private set; } = "";

    /// <summary>All that came, taken or not, in order.</summary>
    public IReadOnlyList<PushReceived> Received => [.. _received];

    /// <summary>Requests are heard of before this is asked.</summary>
    public Func<PushReceived, HttpContext, Task> Answer { get; set; } = Taking;

    public static async Task<PushService> StartAsync(
        CancellationToken stop,
        string address = "http://127.0.0.1:0"
    )
    {
        var service = new PushService(address);
        await service.OpenAsync(stop);
        return service;
    }

    public static Task Taking(PushReceived push, HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status201Created;
        return Task.CompletedTask;
    }

    public static Func<PushReceived, HttpContext, Task> Answering(
        int status,
        params (string Name, string Value)[] headers
    ) =>
        (_, context) =>
        {
            context.Response.StatusCode = status;
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }

            return Task.CompletedTask;
        };

    /// <summary>It is away: nobody listens there.</summary>
    public async Task CloseAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.DisposeAsync();
        }
    }

    /// <summary>It is there, again at the same place.</summary>
    public async Task OpenAsync(CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Origin.Length > 0 ? Origin : _address);
        var app = builder.Build();
        app.Run(TakeAsync);
        await app.StartAsync(stop);
        (_app, Origin) = (app, app.Urls.First());
    }

    public ValueTask DisposeAsync() => new(CloseAsync());

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var push = new PushReceived(
            context.Request.Path + context.Request.QueryString.ToString(),
            context
                .Request.Headers.Append(new("Method", context.Request.Method))
                .ToDictionary(
                    header => header.Key,
                    header => header.Value.ToString(),
                    StringComparer.OrdinalIgnoreCase
                ),
            body.ToArray()
        );
        _received.Enqueue(push);
        await Answer(push, context);
    }
}
