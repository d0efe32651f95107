namespace Rookery.Wire.Resp;

/// <summary>
/// Finds where a reply ends, in bytes that arrive in any pieces. Keeps its place between calls, so what has arrived is looked at once;
/// what it has passed is well-formed, and later readers need not check.
/// </summary>
internal sealed class RespScanner(RespLimits limits)
{
    private readonly Level[] _levels = new Level[limits.Depth + 1];
    private int _depth = -1;
    private int _position;

    /// <param name="bytes">begin with the first byte of the reply, on every call for it</param>
    /// <param name="length">of the reply when it is complete</param>
    /// <exception cref="WireProtocolException">These bytes are no reply, or one that is too large.</exception>
    public bool TryScan(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (_depth < 0)
        {
            _depth = 0;
            _levels[0] = new Level { Left = 1 };
        }

        while (_depth >= 0)
        {
            if (!TryStep(bytes[_position..]))
            {
                return TooLong(bytes.Length) ? throw Larger() : false;
            }
        }

        length = _position;
        _position = 0;
        return TooLong(length) ? throw Larger() : true;
    }

    private bool TryStep(ReadOnlySpan<byte> rest)
    {
        if (!RespHeader.TryRead(rest, out var header))
        {
            return false;
        }

        if (header.IsAggregate)
        {
            _position += header.Length;
            Enter(header);
            return true;
        }

        var length = header.Length;
        if (header.IsBulk)
        {
            if (!TryBulk(rest, header, ref length))
            {
                return false;
            }
        }
        else
        {
            CheckLine(header);
        }

        _position += length;
        Complete();
        return true;
    }

    private bool TryBulk(ReadOnlySpan<byte> rest, RespHeader header, ref int length)
    {
        var size = header.ReadCount(limits.Bytes);
        if (size < 0)
        {
            return true;
        }

        var end = length + (int)size;
        length = end + 2;
        if (
            rest.Length > end && rest[end] != '\r'
            || rest.Length > end + 1 && rest[end + 1] != '\n'
        )
        {
            throw RespHeader.Malformed($"a string of {size} bytes does not end with CR LF");
        }

        if (rest.Length < length)
        {
            return false;
        }

        if (header.Type == '=' && (size < 4 || rest[header.Length + 3] != ':'))
        {
            throw RespHeader.Malformed("a verbatim string has no format of three letters");
        }

        return true;
    }

    private void Enter(RespHeader header)
    {
        var count = header.ReadCount(limits.Items);
        if (count <= 0 && !header.IsAttribute)
        {
            Complete();
            return;
        }

        if (count == 0)
        {
            return;
        }

        if (++_depth == _levels.Length)
        {
            throw RespHeader.Malformed($"arrays are nested deeper than {limits.Depth}");
        }

        _levels[_depth] = new Level
        {
            Left = header.IsPair ? count * 2 : count,
            IsAttribute = header.IsAttribute,
        };
    }

    /// <summary>A value is done, and with the last one its array, and so on. An attribute is no value: what it belongs to comes behind it.</summary>
    private void Complete()
    {
        while (_depth >= 0 && --_levels[_depth].Left == 0)
        {
            if (_levels[_depth--].IsAttribute)
            {
                return;
            }
        }
    }

    private static void CheckLine(RespHeader header)
    {
        var line = header.Line;
        var fits = header.Type switch
        {
            (byte)':' => RespHeader.TryInteger(line, out _),
            (byte)'#' => line is [(byte)'t' or (byte)'f'],
            (byte)'_' => line.IsEmpty,
            (byte)',' => RespHeader.TryDouble(line, out _),
            (byte)'(' => IsBigNumber(line),
            _ => true,
        };
        if (!fits)
        {
            throw RespHeader.Malformed($"the line after {RespHeader.Name(header.Type)} is none");
        }
    }

    private static bool IsBigNumber(ReadOnlySpan<byte> line)
    {
        var digits = line is [(byte)'-' or (byte)'+', ..] ? line[1..] : line;
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private bool TooLong(int length) => length > limits.Bytes;

    private WireProtocolException Larger() =>
        RespHeader.Malformed($"a reply is larger than {limits.Bytes} bytes");

    private struct Level
    {
        public long Left;
        public bool IsAttribute;
    }
}
