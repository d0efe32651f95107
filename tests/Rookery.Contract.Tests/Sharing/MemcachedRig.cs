using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Adapters.Memcached;
using Rookery.Adapters.Sql;
using Rookery.TestKit;
using Rookery.TestKit.Servers;

namespace Rookery.Contract.Tests.Sharing;

/// <summary>A database's shared cache on some memcacheds.</summary>
internal sealed class MemcachedRig : IAsyncDisposable
{
    /// <summary>So long that a machine that is busy is not taken for a memcached that is.</summary>
    public const int Patience = 500;

    private readonly SqliteFile _database = new();
    private SqlOutboxStore? _outbox;
    private MemcachedSharedCache? _cache;

    public IReadOnlyList<MemcachedServer> Servers { get; private set; } = [];

    public MemcachedSharedCache Cache => _cache!;

    public Task UseAsync(params MemcachedServer[] servers)
    {
        Servers = servers;
        _outbox = new SqlOutboxStore(_database.Database, TimeProvider.System);
        _cache = Another();
        return Task.CompletedTask;
    }

    /// <summary>As another process of the same database has it.</summary>
    public MemcachedSharedCache Another(string prefix = "rookery") =>
        new(
            Options.Create(
                new MemcachedOptions
                {
                    Nodes = string.Join(',', Servers.Select(server => $"127.0.0.1:{server.Port}")),
                    KeyPrefix = prefix,
                    PatienceMilliseconds = Patience,
                }
            ),
            _ => _outbox!,
            NullLogger<MemcachedSharedCache>.Instance
        );

    public async ValueTask DisposeAsync()
    {
        if (_cache is not null)
        {
            await _cache.DisposeAsync();
        }

        _database.Dispose();
    }
}
