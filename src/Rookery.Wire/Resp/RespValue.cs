using System.Text;

namespace Rookery.Wire.Resp;

/// <summary>
/// One reply, or a value in one. Numbers, booleans and nulls stand in the value itself; of everything else the reply keeps one copy
/// of its bytes, and strings and items are looked up there when asked for.
/// </summary>
public readonly struct RespValue
{
    private static readonly byte[] Ok = "OK"u8.ToArray();

    private readonly byte[]? _bytes;
    private readonly int _start;
    private readonly int _length;
    private readonly long _number;

    private RespValue(
        RespKind kind,
        long number,
        byte[]? bytes = null,
        int start = 0,
        int length = 0
    )
    {
        Kind = kind;
        (_number, _bytes, _start, _length) = (number, bytes, start, length);
    }

    public RespKind Kind { get; }

    public bool IsNull => Kind == RespKind.Null;

    public bool IsError => Kind == RespKind.Error;

    /// <summary>True for <c>+OK</c>.</summary>
    public bool IsOk => Kind == RespKind.SimpleString && Span.SequenceEqual(Ok);

    /// <summary>How many values <see cref="GetEnumerator"/> gives: of a map, keys and values both. 0 for null.</summary>
    public int Count =>
        Kind switch
        {
            RespKind.Array or RespKind.Map or RespKind.Set or RespKind.Push => (int)_number,
            RespKind.Null => 0,
            _ => throw Unexpected("an array"),
        };

    /// <summary>The bytes of a string or error, valid for as long as anybody holds them. Empty for null.</summary>
    public ReadOnlyMemory<byte> Bytes =>
        Kind switch
        {
            RespKind.SimpleString
            or RespKind.BulkString
            or RespKind.VerbatimString
            or RespKind.BigNumber
            or RespKind.Double
            or RespKind.Error => _bytes.AsMemory(_start, _length),
            RespKind.Null => default,
            _ => throw Unexpected("a string"),
        };

    /// <summary><see cref="Bytes"/> without the memory.</summary>
    public ReadOnlySpan<byte> Span => Bytes.Span;

    /// <summary>The first word of an error: <c>MOVED</c>, <c>WRONGTYPE</c>; empty for everything else.</summary>
    internal ReadOnlySpan<byte> ErrorCode
    {
        get
        {
            if (!IsError)
            {
                return default;
            }

            var space = Span.IndexOf((byte)' ');
            return space < 0 ? Span : Span[..space];
        }
    }

    /// <summary>An integer, or a string that is one.</summary>
    public long AsInteger() =>
        Kind switch
        {
            RespKind.Integer or RespKind.Boolean => _number,
            RespKind.SimpleString
            or RespKind.BulkString when RespHeader.TryInteger(Span, out var number) => number,
            _ => throw Unexpected("an integer"),
        };

    /// <summary>A double or integer, or a string that is one.</summary>
    public double AsDouble() =>
        Kind switch
        {
            RespKind.Integer => _number,
            RespKind.Double
            or RespKind.SimpleString
            or RespKind.BulkString when RespHeader.TryDouble(Span, out var number) => number,
            _ => throw Unexpected("a number"),
        };

    /// <summary>A boolean, or the integers 0 and 1 that RESP2 has for them.</summary>
    public bool AsBoolean() =>
        Kind is RespKind.Boolean or RespKind.Integer && _number is 0 or 1
            ? _number == 1
            : throw Unexpected("a boolean");

    /// <summary>A copy as UTF-8 text. Empty for null.</summary>
    public string AsText() => Encoding.UTF8.GetString(Span);

    /// <summary>The item at a place, found by walking to it: use <see cref="GetEnumerator"/> for all of them.</summary>
    public RespValue this[int index]
    {
        get
        {
            foreach (var item in this)
            {
                if (index-- == 0)
                {
                    return item;
                }
            }

            throw new ArgumentOutOfRangeException(nameof(index));
        }
    }

    /// <summary>What stands behind a key of a map, or of an array of keys and values in turn.</summary>
    public bool TryFind(string key, out RespValue value)
    {
        var isKey = true;
        var found = false;
        value = default;
        foreach (var item in this)
        {
            if (found)
            {
                value = item;
                return true;
            }

            found = isKey && item.HasText(key);
            isKey = !isKey;
        }

        return false;
    }

    /// <summary>The items of an array, map, set or push, in order; nothing for null.</summary>
    public Items GetEnumerator() => new(_bytes, _start, Count);

    /// <exception cref="RespErrorException">It is an error.</exception>
    public RespValue OrThrow() => IsError ? throw new RespErrorException(AsText()) : this;

    public override string ToString() =>
        Kind switch
        {
            RespKind.Null => "null",
            RespKind.Integer or RespKind.Boolean => $"{Kind} {_number}",
            RespKind.Array or RespKind.Map or RespKind.Set or RespKind.Push => $"{Kind} of {Count}",
            _ => $"{Kind} '{AsText()}'",
        };

    /// <summary>Reads one scanned reply, copying of it what must outlive the buffer.</summary>
    internal static RespValue CopyOf(ReadOnlySpan<byte> frame)
    {
        RespHeader.TryRead(frame, out var header);
        if (InPlace(header) is { } value)
        {
            return value;
        }

        if (header.Type == '+' && header.Line.SequenceEqual(Ok))
        {
            return new RespValue(RespKind.SimpleString, 0, Ok, 0, Ok.Length);
        }

        return At(frame.ToArray(), 0, out _);
    }

    /// <summary>The value that begins at a place of scanned bytes, and where the next begins.</summary>
    internal static RespValue At(byte[] bytes, int at, out int next)
    {
        RespHeader.TryRead(bytes.AsSpan(at), out var header);
        while (header.IsAttribute)
        {
            at = RespFrame.End(bytes, at);
            RespHeader.TryRead(bytes.AsSpan(at), out header);
        }

        next = at + header.Length;
        if (InPlace(header) is { } value)
        {
            return value;
        }

        if (header.IsAggregate)
        {
            var count = header.ReadCount(int.MaxValue) * (header.IsPair ? 2 : 1);
            var start = next;
            next = RespFrame.End(bytes, at);
            return new RespValue(KindOf(header.Type), count, bytes, start);
        }

        if (!header.IsBulk)
        {
            return new RespValue(KindOf(header.Type), 0, bytes, at + 1, header.Line.Length);
        }

        var size = (int)header.ReadCount(int.MaxValue);
        var text = header.Type == '=' ? 4 : 0;
        var from = next + text;
        next += size + 2;
        return new RespValue(KindOf(header.Type), 0, bytes, from, size - text);
    }

    private static RespValue? InPlace(RespHeader header)
    {
        switch (header.Type)
        {
            case (byte)':':
                RespHeader.TryInteger(header.Line, out var number);
                return new RespValue(RespKind.Integer, number);
            case (byte)'#':
                return new RespValue(RespKind.Boolean, header.Line[0] == 't' ? 1 : 0);
            case (byte)'_':
            case (byte)'$' or (byte)'*' when header.Line[0] == '-':
                return default(RespValue);
            default:
                return null;
        }
    }

    private static RespKind KindOf(byte type) =>
        type switch
        {
            (byte)'+' => RespKind.SimpleString,
            (byte)'$' => RespKind.BulkString,
            (byte)'=' => RespKind.VerbatimString,
            (byte)'-' or (byte)'!' => RespKind.Error,
            (byte)',' => RespKind.Double,
            (byte)'(' => RespKind.BigNumber,
            (byte)'*' => RespKind.Array,
            (byte)'%' => RespKind.Map,
            (byte)'~' => RespKind.Set,
            _ => RespKind.Push,
        };

    private bool HasText(string text) =>
        Kind is RespKind.BulkString or RespKind.SimpleString && Ascii.Equals(Span, text);

    private RespShapeException Unexpected(string wanted) =>
        new($"A reply is {this} where {wanted} was expected.");

    /// <summary>Walks over the items.</summary>
    public struct Items
    {
        private readonly byte[]? _bytes;
        private int _next;
        private int _left;

        internal Items(byte[]? bytes, int start, int count) =>
            (_bytes, _next, _left) = (bytes, start, count);

        public RespValue Current { get; private set; }

        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            _left--;
            Current = At(_bytes!, _next, out _next);
            return true;
        }
    }
}
