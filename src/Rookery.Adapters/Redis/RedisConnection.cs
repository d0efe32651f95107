using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Wire;
using Rookery.Wire.Redis;
using WireOptions = Rookery.Wire.Redis.RedisOptions;

namespace Rookery.Adapters.Redis;

/// <summary>The one client of this process, connected when the host starts: a Redis that is not there then is a setting that is wrong.</summary>
internal sealed partial class RedisConnection(
    IOptions<RedisOptions> options,
    ILogger<RedisConnection> logger
) : IHostedService, IAsyncDisposable
{
    private RedisClient? _client;

    /// <exception cref="StoreUnavailableException">The host has not started.</exception>
    public RedisClient Client =>
        _client ?? throw new StoreUnavailableException("Redis is not connected yet.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsUsed)
        {
            return;
        }

        try
        {
            _client = await RedisClient.ConnectAsync(Wire(options.Value), cancellationToken);
        }
        catch (WireException fault)
        {
            throw new StoreUnavailableException(
                $"Redis cannot be used as Redis:Nodes ({options.Value.Nodes}), Redis:User, Redis:Password and Redis:Tls say: {fault.Message}",
                fault
            );
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        // A container that got it from two registrations closes it twice.
        if (Interlocked.Exchange(ref _client, null) is { } client)
        {
            await client.DisposeAsync();
        }
    }

    private WireOptions Wire(RedisOptions from) =>
        new()
        {
            Nodes = from.Endpoints,
            User = from.User.Length > 0 ? from.User : null,
            Password = from.Password.Length > 0 ? from.Password : null,
            Tls = from.Tls ? new WireTls { Authorities = AuthoritiesOf(from) } : null,
            Notice = Note,
        };

    private static X509Certificate2Collection AuthoritiesOf(RedisOptions from)
    {
        var authorities = new X509Certificate2Collection();
        if (from.TlsAuthorities.Length > 0)
        {
            try
            {
                authorities.ImportFromPemFile(from.TlsAuthorities);
            }
            catch (CryptographicException fault)
            {
                throw new StoreUnavailableException(
                    $"Redis:TlsAuthorities: {from.TlsAuthorities} holds no certificates: {fault.Message}",
                    fault
                );
            }
        }

        return authorities;
    }

    private void Note(WireNotice notice)
    {
        // Why a start fails is said by who starts.
        if (_client is null)
        {
            return;
        }

        if (notice.Fault is { } fault)
        {
            Broken(logger, notice.Endpoint, notice.What, fault.Message);
        }
        else
        {
            Changed(logger, notice.Endpoint, notice.What);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Redis {Endpoint}: {What}")]
    private static partial void Changed(ILogger logger, WireEndpoint endpoint, string what);

    [LoggerMessage(2, LogLevel.Warning, "Redis {Endpoint}: {What}: {Why}")]
    private static partial void Broken(
        ILogger logger,
        WireEndpoint endpoint,
        string what,
        string why
    );
}
