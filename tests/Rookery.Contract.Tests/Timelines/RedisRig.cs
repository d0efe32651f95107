using Microsoft.Extensions.Options;
using Rookery.Adapters.Redis;
using Rookery.TestKit;
using Rookery.Timelines;
using Rookery.Wire.Redis;
using RedisOptions = Rookery.Adapters.Redis.RedisOptions;

namespace Rookery.Contract.Tests.Timelines;

/// <summary>
/// A generation of its own on a real Redis. Ids are made of a time that is told; when it passes, what the server has to expire is brought
/// as much closer.
/// </summary>
internal sealed class RedisRig : TimelineRig
{
    private static int _generations;

    private readonly FakeTime _time = new();
    private readonly RedisConnection _connection;

    /// <param name="generation">Another rig's, to meet it there.</param>
    /// <param name="clockStands">The store's alone: nothing is ever late to it.</param>
    public RedisRig(
        RedisConnection connection,
        Func<ITimelineStore, ITimelineStore>? wrap = null,
        int length = Length,
        int? generation = null,
        bool clockStands = false,
        bool confirm = true
    )
    {
        _connection = connection;
        var redis = new RedisOptions
        {
            KeyPrefix = "test",
            Generation = generation ?? Interlocked.Increment(ref _generations),
            PatienceMilliseconds = 10_000,
        };
        Generation = redis.Generation;
        Keys = new TimelineKeys(redis.KeyPrefix, redis.Generation);
        var store = new RedisTimelineStore(
            connection,
            Options.Create(redis),
            Options.Create(new TimelinesOptions { PushedLength = length, PushedDays = Days }),
            Postponed,
            clockStands ? new FakeTime() : _time
        );
        Parts = store;
        // What nobody has used yet is whole when somebody says so; nothing that is awaited here waits for the test.
        if (confirm)
        {
            ConfirmAsync().AsTask().GetAwaiter().GetResult();
        }

        Store = wrap?.Invoke(store) ?? store;
    }

    public int Generation { get; }

    public MemoryPostponedParts Postponed { get; } = new();

    public TimelineKeys Keys { get; }

    public ITimelineParts Parts { get; }

    public RedisClient Client => _connection.Client;

    public override ITimelineStore Store { get; }

    public override DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>What it trims at, and what is in flight meanwhile.</summary>
    public override int Slack => TimelineSpace.Slack;

    private static CancellationToken Stop => Xunit.TestContext.Current.CancellationToken;

    /// <summary>As long as nothing on the server matters for.</summary>
    public void Tick(TimeSpan time) => _time.Advance(time);

    public override async ValueTask PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        foreach (var key in await KeysAsync())
        {
            var left = (await AskAsync("PTTL", key)).AsInteger();
            Xunit.Assert.True(left > 0 || left == -2, $"A key does not expire: {left}");
            await AskAsync("PEXPIRE", key, left - (long)time.TotalMilliseconds);
        }
    }

    public override async ValueTask LoseAsync(ReadOnlyMemory<AccountId> owners)
    {
        foreach (var owner in owners.ToArray())
        {
            await AskAsync("DEL", Keys.ListOf(owner), Keys.TokenOf(owner));
        }
    }

    private async ValueTask ConfirmAsync()
    {
        foreach (var part in await Parts.CheckAsync([0], [], CancellationToken.None))
        {
            Xunit.Assert.True(await Parts.ConfirmAsync(part, [0], CancellationToken.None));
        }
    }

    public async Task<long> LengthOfAsync(AccountId owner) =>
        (await AskAsync("LLEN", Keys.ListOf(owner))).AsInteger();

    public async Task<Wire.Resp.RespValue> AskAsync(
        string name,
        RedisArg key,
        params RedisArg[] more
    ) => (await Client.SendAsync(RedisCommand.Of(name, key, more), Stop)).OrThrow();

    private async Task<List<byte[]>> KeysAsync()
    {
        var keys = new List<byte[]>();
        foreach (var (source, _) in Client.Sources)
        {
            var all = RedisCommand.Keyless("KEYS", Keys.Pattern);
            foreach (var key in (await Client.SendAsync(source, all, Stop)).OrThrow())
            {
                keys.Add(key.Bytes.ToArray());
            }
        }

        return keys;
    }
}
