using System.Runtime.CompilerServices;

namespace Rookery.Wire;

/// <summary>Reads replies from a stream into one buffer, which grows with what has arrived and never by what a length announces.</summary>
internal sealed class WireReader<TReply>(Stream stream, IWireParser<TReply> parser)
{
    private const int Usual = 1 << 16;

    private byte[] _buffer = new byte[Usual];
    private int _start;
    private int _end;

    /// <summary>Waits for more bytes; false at the end of the stream.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadAsync()
    {
        MakeRoom();
        var read = await stream.ReadAsync(_buffer.AsMemory(_end));
        _end += read;
        return read > 0;
    }

    /// <summary>Takes the next reply when all of it is there.</summary>
    /// <exception cref="WireProtocolException">What is there is no reply.</exception>
    public bool TryTake(out TReply value)
    {
        var bytes = _buffer.AsSpan(_start.._end);
        if (bytes.IsEmpty || !parser.TryParse(bytes, out value, out var length))
        {
            value = default!;
            return false;
        }

        _start += length;
        return true;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
            if (_buffer.Length > Usual)
            {
                _buffer = new byte[Usual];
            }
        }
        else if (_end == _buffer.Length)
        {
            var kept = _end - _start;
            var target = kept > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
            _buffer.AsSpan(_start, kept).CopyTo(target);
            (_buffer, _start, _end) = (target, 0, kept);
        }
    }
}
