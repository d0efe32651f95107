namespace Rookery.TestKit.Servers;

/// <summary>
/// The servers that the tests of one assembly share: each is started when the first test asks for it. A test has its own database, queue names or
/// keys on them; one that kills or fills a server starts its own.
/// </summary>
internal sealed class SharedServers : IAsyncDisposable
{
    private readonly Shared<PostgresServer> _postgres = new(stop =>
        PostgresServer.StartAsync(stop)
    );
    private readonly Shared<PgBouncerServer> _pgBouncer;
    private readonly Shared<RedisServer> _redis = new(stop => RedisServer.StartAsync(stop));
    private readonly Shared<RedisCluster> _redisCluster = new(stop =>
        RedisCluster.StartAsync(stop)
    );
    private readonly Shared<MemcachedServer> _memcached = new(stop =>
        MemcachedServer.StartAsync(stop)
    );
    private readonly Shared<RabbitMqServer> _rabbitMq = new(RabbitMqServer.StartAsync);
    private readonly Shared<CephServer> _ceph = new(CephServer.StartAsync);

    public SharedServers() =>
        _pgBouncer = new(async stop =>
            await PgBouncerServer.StartAsync(await PostgresAsync(), connections: 10, stop)
        );

    public Task<PostgresServer> PostgresAsync() => _postgres.GetAsync();

    /// <summary>In front of that PostgreSQL.</summary>
    public Task<PgBouncerServer> PgBouncerAsync() => _pgBouncer.GetAsync();

    public Task<RedisServer> RedisAsync() => _redis.GetAsync();

    public Task<RedisCluster> RedisClusterAsync() => _redisCluster.GetAsync();

    public Task<MemcachedServer> MemcachedAsync() => _memcached.GetAsync();

    public Task<RabbitMqServer> RabbitMqAsync() => _rabbitMq.GetAsync();

    public Task<CephServer> CephAsync() => _ceph.GetAsync();

    public async ValueTask DisposeAsync()
    {
        await _pgBouncer.DisposeAsync();
        await _postgres.DisposeAsync();
        await _redis.DisposeAsync();
        await _redisCluster.DisposeAsync();
        await _memcached.DisposeAsync();
        await _rabbitMq.DisposeAsync();
        await _ceph.DisposeAsync();
    }

    /// <summary>A test that is cancelled while it starts a server takes it from no other.</summary>
    private sealed class Shared<T>(Func<CancellationToken, Task<T>> start) : IAsyncDisposable
        where T : class, IAsyncDisposable
    {
        private readonly Lazy<Task<T>> _server = new(() => start(CancellationToken.None));

        public Task<T> GetAsync() => _server.Value;

        public async ValueTask DisposeAsync()
        {
            if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            {
                await (await _server.Value).DisposeAsync();
            }
        }
    }
}
