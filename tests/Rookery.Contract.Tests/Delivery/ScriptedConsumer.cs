using System.Collections.Concurrent;
using Rookery.Delivery;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>A consumer that notes what it has applied, and before that does what the script says, which may be to fail.</summary>
internal sealed class ScriptedConsumer(
    string name,
    Func<Committed, CancellationToken, Task>? script = null
) : IEventConsumer
{
    private readonly Lock _lock = new();
    private readonly List<long> _applied = [];
    private readonly Dictionary<long, int> _tries = [];

    public string Name => name;

    /// <summary>Sequences, in order, without repeats.</summary>
    public IReadOnlyList<long> Applied
    {
        get
        {
            lock (_lock)
            {
                return [.. _applied.Distinct().Order()];
            }
        }
    }

    /// <summary>Sequences of dead letters that it was told of.</summary>
    public ConcurrentQueue<long> GivenUp { get; } = new();

    public Task GiveUpAsync(Committed happened, CancellationToken token)
    {
        GivenUp.Enqueue(happened.Sequence);
        return Task.CompletedTask;
    }

    public int TriesOf(long sequence)
    {
        lock (_lock)
        {
            return _tries.GetValueOrDefault(sequence);
        }
    }

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        foreach (var happened in events)
        {
            lock (_lock)
            {
                _tries[happened.Sequence] = _tries.GetValueOrDefault(happened.Sequence) + 1;
            }

            await (script?.Invoke(happened, token) ?? Task.CompletedTask);
            lock (_lock)
            {
                _applied.Add(happened.Sequence);
            }
        }
    }
}
