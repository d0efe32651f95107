using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Rookery.Search.Index;

/// <summary>Numbers as they stand in memory, little-endian on every machine that it runs on; counts before arrays; all of it hashed on its way.</summary>
internal sealed class SnapshotWriter(Stream file) : IDisposable
{
    private const int Piece = 1 << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Write(int value) => Write<int>([value]);

    public void WriteArray<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Write(values.Length);
        Write(values);
    }

    public void Write<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var size = Marshal.SizeOf<T>();
        for (; !values.IsEmpty; values = values[Math.Min(values.Length, Piece / size)..])
        {
            var bytes = MemoryMarshal.AsBytes(values[..Math.Min(values.Length, Piece / size)]);
            _hash.AppendData(bytes);
            file.Write(bytes);
        }
    }

    public void WriteHash() => file.Write(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}

/// <summary>Reads what the writer wrote, after its mark and version. What asks for more than is there reads as nothing, and it is not <see cref="IsWhole"/>.</summary>
internal sealed class SnapshotReader
{
    private const int Head = 20;

    private readonly FileStream _file;

    public SnapshotReader(FileStream file)
    {
        _file = file;
        _file.Position = Head;
    }

    public bool IsWhole { get; private set; } = true;

    public bool IsAtEnd => Left == 0;

    private long Left => _file.Length - IndexSnapshot.HashBytes - _file.Position;

    public int Read()
    {
        Span<int> value = [0];
        if (Has(sizeof(int)))
        {
            _file.ReadExactly(MemoryMarshal.AsBytes(value));
        }

        return value[0];
    }

    public T[] ReadArray<T>()
        where T : unmanaged
    {
        var count = Read();
        var size = Marshal.SizeOf<T>();
        if (count < 0 || !Has((long)count * size))
        {
            IsWhole = false;
            return [];
        }

        var values = GC.AllocateUninitializedArray<T>(count);
        for (var at = 0; at < count; )
        {
            var piece = values.AsSpan(at, Math.Min(count - at, (1 << 20) / size));
            _file.ReadExactly(MemoryMarshal.AsBytes(piece));
            at += piece.Length;
        }

        return values;
    }

    private bool Has(long bytes)
    {
        IsWhole &= bytes <= Left;
        return IsWhole;
    }
}
