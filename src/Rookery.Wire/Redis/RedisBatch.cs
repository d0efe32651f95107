using Rookery.Wire.Resp;

namespace Rookery.Wire.Redis;

/// <summary>
/// Commands that are sent together, and then their replies in the same order. Made once and used again: what it needs it keeps, so a
/// batch costs no memory that grows with its commands. One thread at a time; not while it is being sent.
/// </summary>
public sealed class RedisBatch
{
    private readonly WireBuffer _bytes = new(1024);
    private Entry[] _entries = new Entry[16];
    private Flight? _flight;

    /// <summary>How many commands it has.</summary>
    public int Count { get; private set; }

    /// <summary>What became of a command. Valid until the batch is cleared or sent again.</summary>
    /// <exception cref="InvalidOperationException">It was not sent.</exception>
    public ref readonly RedisReply this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            return ref Landed.Replies[index];
        }
    }

    private Flight Landed =>
        _flight is { IsLanded: true } flight
            ? flight
            : throw new InvalidOperationException("The batch was not sent, or not to its end.");

    /// <summary>Takes the commands out, to be filled again.</summary>
    public void Clear()
    {
        ThrowIfFlying();
        _bytes.Clear();
        Count = 0;
        _flight?.IsLanded = false;
    }

    /// <summary>Adds a command whose first argument is its key; the answer will stand at the returned index.</summary>
    public int Add(string name, RedisArg key, params ReadOnlySpan<RedisArg> more)
    {
        var from = Begin(name, more.Length + 1);
        var slot = RedisCommand.WriteKey(_bytes, key);
        return Finish(from, slot, more);
    }

    /// <summary>The same for a key and a value in memory that may be used again at once.</summary>
    public int Add(string name, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var from = Begin(name, 2);
        _bytes.AppendBulk(key);
        _bytes.AppendBulk(value);
        return Finish(from, KeySlot.Of(key), []);
    }

    /// <summary>Adds a command of no key, which any node may run.</summary>
    public int AddKeyless(string name, params ReadOnlySpan<RedisArg> arguments)
    {
        var from = Begin(name, arguments.Length);
        return Finish(from, KeySlot.None, arguments);
    }

    /// <summary>Adds a command made before.</summary>
    public int Add(in RedisCommand command)
    {
        ThrowIfFlying();
        var from = _bytes.Length;
        _bytes.Append(command.Bytes.Span);
        return Finish(from, command.Slot, []);
    }

    internal ReadOnlySpan<Entry> Entries => _entries.AsSpan(0, Count);

    internal ReadOnlyMemory<byte> MemoryOf(int index) =>
        _bytes.Memory.Slice(_entries[index].Start, _entries[index].Length);

    /// <summary>The bytes of commands that follow each other.</summary>
    internal ReadOnlySpan<byte> BytesOf(int first, int last) =>
        _bytes.Span[_entries[first].Start..(_entries[last].Start + _entries[last].Length)];

    internal Flight Depart()
    {
        ThrowIfFlying();
        _flight ??= new Flight(this);
        _flight.Depart(Count);
        return _flight;
    }

    /// <summary>Replies may still come for what the caller no longer waits for: they go to a flight that nobody looks at.</summary>
    internal void Land(Flight flight, bool landed)
    {
        flight.Close(landed);
        if (!landed)
        {
            _flight = null;
        }
    }

    private int Begin(string name, int arguments)
    {
        ThrowIfFlying();
        var from = _bytes.Length;
        _bytes.BeginCommand(name, arguments);
        return from;
    }

    private int Finish(int from, int slot, ReadOnlySpan<RedisArg> arguments)
    {
        foreach (ref readonly var argument in arguments)
        {
            argument.WriteTo(_bytes);
        }

        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        _entries[Count] = new Entry(from, _bytes.Length - from, slot);
        _flight?.IsLanded = false;
        return Count++;
    }

    private void ThrowIfFlying()
    {
        if (_flight is { IsFlying: true })
        {
            throw new InvalidOperationException("The batch is being sent.");
        }
    }

    internal readonly record struct Entry(int Start, int Length, int Slot);
}
