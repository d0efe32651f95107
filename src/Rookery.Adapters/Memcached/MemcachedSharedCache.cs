using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Delivery;
using Rookery.Sharing;
using Rookery.Wire;
using Rookery.Wire.Memcached;
using WireOptions = Rookery.Wire.Memcached.MemcachedOptions;

namespace Rookery.Adapters.Memcached;

/// <summary>What processes share, on a pool of memcacheds. A key has the prefix, the name of the outbox of the kind's database, the kind and the id.</summary>
internal sealed partial class MemcachedSharedCache : ISharedCache, IAsyncDisposable
{
    /// <summary>Longer than any read of truth takes; who has won a place and dies leaves it empty for so long.</summary>
    private const int LeaseSeconds = 30;

    private static readonly TimeSpan RestAfterLate = TimeSpan.FromSeconds(1);

    private readonly MemcachedOptions _options;
    private readonly Func<SharedKind, IOutboxStore> _outboxOf;
    private readonly ILogger _logger;
    private readonly MemcachedClient _client;
    private readonly ConcurrentDictionary<WireEndpoint, bool> _away = new();
    private readonly ConcurrentDictionary<SharedKind, string> _begins = new();

    public MemcachedSharedCache(
        IOptions<MemcachedOptions> options,
        Func<SharedKind, IOutboxStore> outboxOf,
        ILogger<MemcachedSharedCache> logger
    )
    {
        (_options, _outboxOf, _logger) = (options.Value, outboxOf, logger);
        _client = new MemcachedClient(
            new WireOptions
            {
                Nodes = _options.Endpoints,
                Timeout = TimeSpan.FromMilliseconds(_options.PatienceMilliseconds),
                RestAfterLate = RestAfterLate,
                Notice = Note,
            }
        );
    }

    public bool Keeps => true;

    public async ValueTask<IReadOnlyList<SharedPlace>> GetAsync(
        IReadOnlyList<SharedKey> keys,
        CancellationToken token
    )
    {
        var places = new SharedPlace[keys.Count];
        var batch = new MemcachedBatch();
        foreach (var key in keys)
        {
            if (await BeginOfKeysAsync(key.Kind, token) is not { } begin)
            {
                return places;
            }

            batch.Get(Encoding.ASCII.GetBytes(NameOf(begin, key)), vivify: LeaseSeconds);
        }

        await _client.SendAsync(batch, token);
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = PlaceOf(batch[i]);
        }

        return places;
    }

    public async ValueTask FillAsync(IReadOnlyList<SharedFill> values, CancellationToken token)
    {
        var batch = new MemcachedBatch();
        foreach (var (key, lease, value) in values)
        {
            if (await BeginOfKeysAsync(key.Kind, token) is not { } begin)
            {
                return;
            }

            batch.Set(
                Encoding.ASCII.GetBytes(NameOf(begin, key)),
                value.Span,
                _options.KeepSeconds,
                cas: lease
            );
        }

        await _client.SendAsync(batch, token);
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private static string NameOf(string begin, SharedKey key) =>
        $"{begin}:{(byte)key.Kind}:{key.Id}";

    private static SharedPlace PlaceOf(in MemcachedReply reply) =>
        reply.Status switch
        {
            MemcachedStatus.Hit => new SharedPlace(reply.Value, reply.Cas),
            MemcachedStatus.Miss when reply.HasWon => new SharedPlace(null, reply.Cas),
            _ => default,
        };

    /// <summary>Null while the database does not say its name: then it would be of no use to know what is shared.</summary>
    private async ValueTask<string?> BeginOfKeysAsync(SharedKind kind, CancellationToken token)
    {
        if (_begins.TryGetValue(kind, out var known))
        {
            return known;
        }

        try
        {
            var begin = $"{_options.KeyPrefix}:{await _outboxOf(kind).IdentityAsync(token)}";
            _begins[kind] = begin;
            return begin;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Once when a node goes away and once when it is back; it is tried again all the time.</summary>
    private void Note(WireNotice notice)
    {
        if (notice.Fault is null)
        {
            _away.TryRemove(notice.Endpoint, out _);
            Connected(_logger, notice.Endpoint);
        }
        else if (_away.TryAdd(notice.Endpoint, true))
        {
            Away(_logger, notice.Endpoint, notice.Fault.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "memcached {Endpoint}: connected")]
    private static partial void Connected(ILogger logger, WireEndpoint endpoint);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "memcached {Endpoint} (setting Memcached:Nodes) is away, so its share is read from the database: {Why}"
    )]
    private static partial void Away(ILogger logger, WireEndpoint endpoint, string why);
}
