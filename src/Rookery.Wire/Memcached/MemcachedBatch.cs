namespace Rookery.Wire.Memcached;

/// <summary>How a value is stored.</summary>
public enum MemcachedMode : byte
{
    /// <summary>Whatever is there.</summary>
    Set,

    /// <summary>When nothing is there.</summary>
    Add,

    /// <summary>When something is there.</summary>
    Replace,

    /// <summary>Behind the value that is there; its time to live and flags stay.</summary>
    Append,

    /// <summary>Before the value that is there.</summary>
    Prepend,
}

/// <summary>
/// Commands that are sent together, one flush for each node, and then their replies in the same order. Keys have 1 to 250 bytes; those
/// with others than visible ASCII are sent in base64 and have at most 186. One thread at a time; not while it is being sent.
/// </summary>
public sealed class MemcachedBatch
{
    /// <summary>What the server takes as a number of seconds; more it takes as a date.</summary>
    public const int LongestTtl = 30 * 24 * 3600;

    private readonly WireBuffer _bytes = new(1024);
    private readonly List<Entry> _entries = [];
    private MemcachedFlight? _flight;

    public int Count => _entries.Count;

    /// <summary>What became of a command. Valid until the batch is cleared.</summary>
    /// <exception cref="InvalidOperationException">It was not sent.</exception>
    public MemcachedReply this[int index] =>
        _flight?.Replies is { } replies && index < replies.Length
            ? replies[index]
            : throw new InvalidOperationException("The batch was not sent.");

    internal IReadOnlyList<Entry> Entries => _entries;

    public void Clear()
    {
        _bytes.Clear();
        _entries.Clear();
        _flight = null;
    }

    /// <summary>Reads an item with everything that is known of it.</summary>
    /// <param name="vivify">
    /// Seconds, or null. When there is no item, an empty one is made that lives so long, and the first to ask has won it: that one
    /// should fill it (with its CAS), the others hear that it is being filled.
    /// </param>
    /// <param name="touch">seconds that the item lives from now on; null: as before</param>
    public int Get(ReadOnlySpan<byte> key, int? vivify = null, int? touch = null)
    {
        var from = Begin("mg", key, out var binary);
        _bytes.Append(" t f c h v"u8);
        AppendTtl(" N"u8, vivify);
        AppendTtl(" T"u8, touch);
        return Finish(from, key, binary);
    }

    /// <summary>Stores a value.</summary>
    /// <param name="ttl">seconds that it lives; 0: until it is pushed out</param>
    /// <param name="cas">of the item as the caller knows it; null: whatever is there</param>
    /// <param name="invalidate">
    /// with a CAS: where the item was changed since and its CAS is greater, this value is stored and marked as out of date
    /// </param>
    public int Set(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        int ttl,
        ulong? cas = null,
        MemcachedMode mode = MemcachedMode.Set,
        uint flags = 0,
        bool invalidate = false
    )
    {
        var from = _bytes.Length;
        var binary = BeginSized(key, value.Length);
        _bytes.Append(" c"u8);
        AppendTtl(" T"u8, ttl);
        AppendCas(cas);
        _bytes.Append(" F"u8);
        _bytes.AppendDigits(flags);
        _bytes.Append(ModeOf(mode));
        _bytes.Append(invalidate ? " I"u8 : default);
        _bytes.Append(binary ? " b\r\n"u8 : "\r\n"u8);
        _bytes.Append(value);
        _bytes.Append("\r\n"u8);
        return Keep(from, key, value.Length);
    }

    /// <summary>Takes an item away, or marks it as out of date.</summary>
    /// <param name="staleFor">
    /// Seconds, or null: it is taken away. Otherwise it is kept so long and marked: the first to read it then has won, as of a miss.
    /// </param>
    public int Delete(ReadOnlySpan<byte> key, ulong? cas = null, int? staleFor = null)
    {
        var from = Begin("md", key, out var binary);
        AppendCas(cas);
        if (staleFor is not null)
        {
            _bytes.Append(" I"u8);
            AppendTtl(" T"u8, staleFor);
        }

        return Finish(from, key, binary);
    }

    /// <summary>Adds to a number that is stored in digits, or takes from it (not below 0). The reply's value is the result.</summary>
    /// <param name="initial">where it is not there yet: what it becomes, and <paramref name="ttl"/> how long that lives; null: not found</param>
    public int Add(ReadOnlySpan<byte> key, long delta, ulong? initial = null, int ttl = 0)
    {
        var from = Begin("ma", key, out var binary);
        _bytes.Append(delta < 0 ? " v c MD D"u8 : " v c D"u8);
        _bytes.AppendDigits((ulong)Math.Abs((decimal)delta));
        if (initial is { } first)
        {
            AppendTtl(" N"u8, ttl);
            _bytes.Append(" J"u8);
            _bytes.AppendDigits(first);
        }

        return Finish(from, key, binary);
    }

    internal ReadOnlySpan<byte> BytesOf(int index) =>
        _bytes.Span.Slice(_entries[index].Start, _entries[index].Length);

    internal MemcachedFlight Depart() => _flight = new MemcachedFlight(this);

    private int Begin(string name, ReadOnlySpan<byte> key, out bool binary)
    {
        var from = _bytes.Length;
        _bytes.AppendUtf8(name, 2);
        binary = MemcachedKey.Append(_bytes, key);
        return from;
    }

    private bool BeginSized(ReadOnlySpan<byte> key, int size)
    {
        _bytes.Append("ms"u8);
        var binary = MemcachedKey.Append(_bytes, key);
        _bytes.Append(" "u8);
        _bytes.AppendDigits(size);
        return binary;
    }

    private int Finish(int from, ReadOnlySpan<byte> key, bool binary)
    {
        _bytes.Append(binary ? " b\r\n"u8 : "\r\n"u8);
        return Keep(from, key, valueBytes: 0);
    }

    private int Keep(int from, ReadOnlySpan<byte> key, int valueBytes)
    {
        var hash = MemcachedKey.Hash(key);
        _entries.Add(new Entry(from, _bytes.Length - from, hash, valueBytes));
        _flight = null;
        return _entries.Count - 1;
    }

    private void AppendTtl(ReadOnlySpan<byte> flag, int? seconds)
    {
        if (seconds is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(given, nameof(seconds));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(given, LongestTtl, nameof(seconds));
            _bytes.Append(flag);
            _bytes.AppendDigits(given);
        }
    }

    private void AppendCas(ulong? cas)
    {
        if (cas is { } given)
        {
            _bytes.Append(" C"u8);
            _bytes.AppendDigits(given);
        }
    }

    private static ReadOnlySpan<byte> ModeOf(MemcachedMode mode) =>
        mode switch
        {
            MemcachedMode.Set => default,
            MemcachedMode.Add => " ME"u8,
            MemcachedMode.Replace => " MR"u8,
            MemcachedMode.Append => " MA"u8,
            MemcachedMode.Prepend => " MP"u8,
            _ => throw new ArgumentOutOfRangeException(nameof(mode)),
        };

    internal readonly record struct Entry(int Start, int Length, uint Hash, int ValueBytes);
}
