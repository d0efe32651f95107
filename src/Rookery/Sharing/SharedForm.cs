using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Rookery.Sharing;

/// <summary>How values of one kind are written, and what they depend on.</summary>
internal abstract class SharedForm<TValue>
{
    public abstract SharedKind Kind { get; }

    public abstract long IdOf(TValue value);

    public abstract void Write(TValue value, ArrayBufferWriter<byte> into);

    /// <summary>The value with this id, or nothing where the bytes are not one.</summary>
    public abstract TValue? Read(long id, ReadOnlySpan<byte> bytes);

    /// <summary>Whether anything that truth would be asked for with this value has changed.</summary>
    public abstract bool ChangedSince(long asOf, TValue value, ChangesSeen changes);

    protected static void Write(long number, ArrayBufferWriter<byte> into)
    {
        BinaryPrimitives.WriteInt64LittleEndian(into.GetSpan(sizeof(long)), number);
        into.Advance(sizeof(long));
    }

    protected static void Write(string text, ArrayBufferWriter<byte> into)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var room = into.GetSpan(sizeof(int) + length);
        BinaryPrimitives.WriteInt32LittleEndian(room, length);
        Encoding.UTF8.GetBytes(text, room[sizeof(int)..]);
        into.Advance(sizeof(int) + length);
    }

    /// <summary>Reads what was written, in that order.</summary>
    protected ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _left = bytes;

        /// <summary>It held just what was read.</summary>
        public bool IsWhole { get; private set; } = true;

        public readonly bool IsAtEnd => IsWhole && _left.IsEmpty;

        public long Number() =>
            Take(sizeof(long)) is { Length: > 0 } eight
                ? BinaryPrimitives.ReadInt64LittleEndian(eight)
                : 0;

        public string Text()
        {
            var length = Take(sizeof(int)) is { Length: > 0 } four
                ? BinaryPrimitives.ReadInt32LittleEndian(four)
                : 0;
            return Encoding.UTF8.GetString(Take(length));
        }

        private ReadOnlySpan<byte> Take(int bytes)
        {
            if (!IsWhole || bytes < 0 || bytes > _left.Length)
            {
                IsWhole = false;
                return default;
            }

            var taken = _left[..bytes];
            _left = _left[bytes..];
            return taken;
        }
    }
}
