using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rookery.Accounts;
using Rookery.Adapters.Memory;
using Rookery.Api;
using Rookery.Api.Service;
using Rookery.Server.OpenApi;
using Rookery.Telemetry;
using Xunit;

namespace Rookery.Tests.Api;

/// <summary>Kestrel on a free loopback port with the routes of one test.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiHost(WebApplication app, LogLines log)
    {
        _app = app;
        Log = log;
        Client = new() { BaseAddress = new(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public LogLines Log { get; }

    public EndpointDataSource Routes => _app.Services.GetRequiredService<EndpointDataSource>();

    public static async Task<ApiHost> StartAsync(
        Action<IEndpointRouteBuilder> map,
        Action<IServiceCollection>? add = null
    )
    {
        var log = new LogLines();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(log);
        builder
            .Services.AddRookeryOpenApi()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(new ServiceAccess(new ServiceKey("key"), openOnLoopback: false))
            .AddSingleton<IRateLimits, MemoryRateLimits>()
            .AddTelemetry()
            .AddSingleton<AccountLimits>()
            .AddSingleton<RequestLimits>()
            .AddSingleton<Freshness>()
            .AddSingleton<ICommitLease>(new ScriptedLease())
            .AddSingleton(parts => new SessionsLease(parts.GetRequiredService<ICommitLease>()))
            .AddSingleton<BodyBudget>();
        add?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseRookeryProblems();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, log);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>Keeps what was logged as an error.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Errors { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(logLevel))
        {
            Errors.Enqueue(formatter(state, exception));
        }
    }

    public void Dispose() { }
}
