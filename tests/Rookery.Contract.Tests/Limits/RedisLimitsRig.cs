using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Adapters.Redis;
using Rookery.TestKit;
using Rookery.Wire.Redis;
using Xunit;
using RedisOptions = Rookery.Adapters.Redis.RedisOptions;

namespace Rookery.Contract.Tests.Limits;

/// <summary>One process that counts in a real Redis. When time passes, what stands there is moved back by as much.</summary>
internal sealed class RedisLimitsRig : LimitsRig
{
    private static int _prefixes;

    private readonly FakeTime _time = new();
    private readonly RedisConnection _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _telling;
    private readonly IRateLimit _last;

    /// <param name="prefix">Another rig's, to count together with it.</param>
    public RedisLimitsRig(RedisConnection connection, string? prefix = null, int patience = 1_000)
    {
        _connection = connection;
        Prefix = prefix ?? $"limits{Interlocked.Increment(ref _prefixes)}";
        var limits = new RedisRateLimits(
            connection,
            Options.Create(
                new RedisOptions { KeyPrefix = Prefix, LimitPatienceMilliseconds = patience }
            ),
            _time,
            NullLogger<RedisRateLimits>.Instance
        );
        Limits = limits;
        _last = limits.Open(new("last", 50, TimeSpan.FromHours(1)));
        _telling = limits.TellAsync(_stop.Token);
    }

    public string Prefix { get; }

    public override IRateLimits Limits { get; }

    /// <summary>This process's clock alone.</summary>
    public void Tick(TimeSpan time) => _time.Advance(time);

    public override async ValueTask PassAsync(TimeSpan time)
    {
        await ToldAsync();
        _time.Advance(time);
        foreach (var key in await KeysAsync())
        {
            var left = (await AskAsync("PTTL", key)).AsInteger();
            Assert.True(left > 0 || left == -2, $"A key does not expire: {left}");
            left -= (long)time.TotalMilliseconds;
            if (left <= 0)
            {
                await AskAsync("DEL", key);
                continue;
            }

            var full = (await AskAsync("GET", key)).AsText();
            var earlier =
                long.Parse(full, CultureInfo.InvariantCulture) - (long)time.TotalMicroseconds;
            await AskAsync("SET", key, earlier, "PX", left);
        }
    }

    /// <summary>Completes when all was told that anybody was to be told of: what comes later was learned before the time passed.</summary>
    private async Task ToldAsync()
    {
        // Twice: the first may be told together with others that are answered a moment later.
        for (var i = 0; i < 2; i++)
        {
            var key = RateLimitsContract.Key();
            await _last.TakeAsync(key, CancellationToken.None);
            var name = new byte[RateKey.Length];
            key.Write(name);
            await Wait.UntilAsync(
                async () =>
                    (
                        await AskAsync(
                            "EXISTS",
                            (byte[])[.. Encoding.ASCII.GetBytes($"{Prefix}:limit:last:"), .. name]
                        )
                    ).AsInteger() > 0,
                () => "all was told",
                CancellationToken.None
            );
        }
    }

    public async Task<List<byte[]>> KeysAsync()
    {
        var keys = new List<byte[]>();
        foreach (var (source, _) in _connection.Client.Sources)
        {
            var all = RedisCommand.Keyless("KEYS", $"{Prefix}:limit:*");
            var answer = await _connection.Client.SendAsync(source, all, CancellationToken.None);
            foreach (var key in answer.OrThrow())
            {
                keys.Add(key.Bytes.ToArray());
            }
        }

        return keys;
    }

    public async Task<Wire.Resp.RespValue> AskAsync(
        string name,
        RedisArg key,
        params RedisArg[] more
    ) =>
        (
            await _connection.Client.SendAsync(
                RedisCommand.Of(name, key, more),
                CancellationToken.None
            )
        ).OrThrow();

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _telling);
        _stop.Dispose();
        await base.DisposeAsync();
    }
}
