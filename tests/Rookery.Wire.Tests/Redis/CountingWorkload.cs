using System.Collections.Concurrent;
using System.Diagnostics;
using Rookery.Wire.Redis;

namespace Rookery.Wire.Tests.Redis;

/// <summary>Increments counters in batches until it is told to end, and keeps account of what was acknowledged and what is not known.</summary>
internal sealed class CountingWorkload : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Account> _accounts = new();
    private readonly CancellationTokenSource _end = new();
    private readonly RedisClient _client;
    private readonly string[] _keys;
    private readonly Task[] _workers;

    public CountingWorkload(RedisClient client, string[] keys, int workers = 3)
    {
        (_client, _keys) = (client, keys);
        foreach (var key in keys)
        {
            _accounts[key] = new Account();
        }

        _workers = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync))];
    }

    public long Acknowledged => _accounts.Values.Sum(account => account.Acknowledged);

    public Account this[string key] => _accounts[key];

    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_workers);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _end.Dispose();
    }

    private async Task WorkAsync()
    {
        var batch = new RedisBatch();
        while (!_end.IsCancellationRequested)
        {
            batch.Clear();
            foreach (var key in _keys)
            {
                batch.Add("INCR", key);
            }

            await _client.SendAsync(batch, CancellationToken.None);
            for (var i = 0; i < _keys.Length; i++)
            {
                _accounts[_keys[i]].Take(batch[i]);
            }
        }
    }

    internal sealed class Account
    {
        private readonly Lock _lock = new();

        public long Acknowledged { get; private set; }

        public long Unknown { get; private set; }

        public long NotRun { get; private set; }

        public long LastAcknowledged { get; private set; }

        public WireEndpoint LastAnsweredBy { get; private set; }

        public string? FirstTrouble { get; private set; }

        public void Take(in RedisReply reply)
        {
            lock (_lock)
            {
                if (reply.Failure is { } failure)
                {
                    FirstTrouble ??= failure.Message;
                    Unknown += failure.NeverSent ? 0 : 1;
                    NotRun += failure.NeverSent ? 1 : 0;
                }
                else if (reply.Value.IsError)
                {
                    FirstTrouble ??= reply.Value.AsText();
                    NotRun++;
                }
                else
                {
                    Acknowledged++;
                    LastAcknowledged = Stopwatch.GetTimestamp();
                    LastAnsweredBy = reply.Source!.Endpoint;
                }
            }
        }
    }
}
