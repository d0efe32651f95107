using Rookery.Posts;
using Rookery.Sharing;

namespace Rookery.Tests.Sharing;

/// <summary>One random history. All of it runs on one thread: a read goes on when the history lets it, and only then.</summary>
internal sealed class SharingHistory(int seed)
{
    private const int Steps = 300;
    private const int Processes = 3;
    private const int Posts = 5;

    private readonly Random _random = new(seed);
    private readonly SharingWorld _world = new();
    private readonly List<SharingProcess> _processes = [];
    private readonly List<TaskCompletionSource> _standing = [];
    private readonly List<Task> _reads = [];
    private readonly List<(long Sequence, long Post)> _unacknowledged = [];
    private readonly HashSet<long> _gone = [];

    // The lease as others see it; one that does not mind it goes on without.
    private readonly HashSet<SharingProcess> _lapsed = [];
    private Action? _back;
    private string? _contradiction;

    /// <summary>What the processes hear of what happened.</summary>
    public Func<DomainEvent, bool> Hears { get; set; } = _ => true;

    public bool MindsTheLease { get; set; } = true;

    public bool ReadsThePast { get; set; } = true;

    /// <summary>Posts that were answered without truth.</summary>
    public int Hits { get; private set; }

    /// <summary>What was shown that must not be; null: nothing.</summary>
    public async Task<string?> PlayAsync()
    {
        for (var id = 1; id <= Posts; id++)
        {
            _world.Accept(id, author: id);
            _world.Accept(10 + id, author: 10 + id, original: id, originalAuthor: id);
        }

        _world.Other();
        for (var i = 0; i < Processes; i++)
        {
            _processes.Add(Start());
        }

        for (var step = 0; step < Steps; step++)
        {
            Step();
            Acknowledge();
        }

        while (_standing.Count > 0)
        {
            GoOn();
        }

        await Task.WhenAll(_reads);
        return _contradiction;
    }

    private void Step()
    {
        var process = _processes[_random.Next(Processes)];
        switch (_random.Next(100))
        {
            case < 25:
                _reads.Add(ReadAsync(process));
                break;
            case < 70 when _standing.Count > 0:
                GoOn();
                break;
            case < 82:
                process.Tell(_random.NextInt64(process.Told, _world.Last + 1), Hears);
                break;
            case < 85:
                Like();
                break;
            case < 86:
                Delete();
                break;
            case < 87:
                Narrow(() => _world.Close(_random.Next(1, 10 + Posts)));
                break;
            case < 90:
                Lapse(process);
                break;
            case < 93:
                Restart();
                break;
            case < 94:
                process.Forget();
                KnowThePast(process);
                break;
            case < 96:
                _back = _world.Cache.CutOff();
                break;
            case < 98:
                _back?.Invoke();
                break;
            case < 99:
                _world.Cache.Clear();
                break;
            default:
                Scribble();
                break;
        }
    }

    private async Task ReadAsync(SharingProcess process)
    {
        var ids = Enumerable
            .Range(0, 3)
            .Select(_ => (long)(_random.Next(1, Posts + 1) + (10 * _random.Next(2))))
            .Distinct()
            .ToArray();
        var gone = _gone.ToHashSet();
        var numbers = NumbersToldTo(process);
        var missed = new List<long>();
        foreach (var post in await process.ReadAsync(ids, missed))
        {
            Hits += missed.Contains(post.Id.Value) ? 0 : 1;
            if (gone.Contains(post.Id.Value))
            {
                _contradiction ??= $"seed {seed}: post {post.Id} was gone before it was read";
            }

            if (post.Counts.Likes < numbers.GetValueOrDefault(post.Id.Value))
            {
                _contradiction ??= $"seed {seed}: post {post.Id} with a number of the past";
            }
        }
    }

    private Dictionary<long, long> NumbersToldTo(SharingProcess process) =>
        _world
            .Between(0, process.Told)
            .Select(committed => committed.Event)
            .OfType<PostsCounted>()
            .SelectMany(counted => counted.Numbers)
            .GroupBy(number => number.Post.Value)
            .ToDictionary(post => post.Key, post => post.Max(number => number.Counts.Likes));

    /// <summary>An act is acknowledged when all who hold their lease were told of it.</summary>
    private void Acknowledge()
    {
        foreach (var (sequence, post) in _unacknowledged.ToList())
        {
            if (_processes.TrueForAll(process => !Holds(process) || process.Told >= sequence))
            {
                _gone.Add(post);
                _unacknowledged.Remove((sequence, post));
            }
        }
    }

    private bool Holds(SharingProcess process) => !_lapsed.Contains(process);

    private void Lapse(SharingProcess process)
    {
        if (_lapsed.Add(process))
        {
            process.Lease.Lapsed = MindsTheLease ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;
            return;
        }

        process.Tell(hears: Hears);
        _lapsed.Remove(process);
        process.Lease.Lapsed = TimeSpan.Zero;
    }

    private void Restart()
    {
        var i = _random.Next(Processes);
        _lapsed.Remove(_processes[i]);
        _processes[i] = Start();
    }

    private SharingProcess Start()
    {
        var process = new SharingProcess(_world, new StandingCache(this));
        KnowThePast(process);
        return process;
    }

    private void KnowThePast(SharingProcess process)
    {
        var changes = process.Changes;
        var (era, last) = (changes.Era, _world.Last);
        var after = _random.NextInt64(0, last + 1);
        changes.Knows(last, last, era);
        if (ReadsThePast)
        {
            changes.Note([
                .. _world.Between(after, last).Where(committed => Hears(committed.Event)),
            ]);
        }

        changes.Knows(after, last, era);
    }

    private void Like()
    {
        if (_world.Posts.Any())
        {
            _world.Like(_world.Posts.ElementAt(_random.Next(_world.Posts.Count())));
        }
    }

    private void Delete()
    {
        if (_world.Posts.Any())
        {
            var post = _world.Posts.ElementAt(_random.Next(_world.Posts.Count()));
            Narrow(() => _world.Delete(post));
        }
    }

    private void Narrow(Func<long> act)
    {
        var stood = AllPosts().Where(_world.Stands).ToList();
        var sequence = act();
        _unacknowledged.AddRange(
            stood.Where(post => !_world.Stands(post)).Select(post => (sequence, post))
        );
    }

    private static IEnumerable<long> AllPosts() =>
        Enumerable.Range(1, Posts).SelectMany(id => new long[] { id, 10 + id });

    private void Scribble()
    {
        var held = _world.Cache.Held;
        if (held.Count == 0)
        {
            return;
        }

        var key = held[_random.Next(held.Count)];
        var bytes = _world.Cache.Peek(held[_random.Next(held.Count)]).ToArray();
        bytes[_random.Next(bytes.Length)] ^= (byte)_random.Next(2);
        _world.Cache.Put(key, bytes);
    }

    private void GoOn()
    {
        var at = _random.Next(_standing.Count);
        var standing = _standing[at];
        _standing.RemoveAt(at);
        standing.SetResult();
    }

    private Task StandAsync()
    {
        // Continues where it is let go, on the one thread there is.
        var standing = new TaskCompletionSource();
        _standing.Add(standing);
        return standing.Task;
    }

    /// <summary>Every question and every answer is under way for as long as the history likes; so is truth, between the two.</summary>
    private sealed class StandingCache(SharingHistory history) : ISharedCache
    {
        public bool Keeps => true;

        public async ValueTask<IReadOnlyList<SharedPlace>> GetAsync(
            IReadOnlyList<SharedKey> keys,
            CancellationToken token
        )
        {
            await history.StandAsync();
            var places = await history._world.Cache.GetAsync(keys, token);
            await history.StandAsync();
            return places;
        }

        public async ValueTask FillAsync(IReadOnlyList<SharedFill> values, CancellationToken token)
        {
            await history.StandAsync();
            await history._world.Cache.FillAsync(values, token);
        }
    }
}
