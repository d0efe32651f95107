using System.Text;

namespace Rookery.Search;

/// <summary>The bytes of a term: compared by value, ordered by bytes.</summary>
internal readonly struct Utf8Term(byte[] bytes) : IEquatable<Utf8Term>, IComparable<Utf8Term>
{
    private readonly byte[]? _bytes = bytes;

    public Utf8Term(ReadOnlySpan<byte> bytes)
        : this(bytes.ToArray()) { }

    public ReadOnlySpan<byte> Bytes => _bytes;

    public static Utf8Term Of(string text) => new(Encoding.UTF8.GetBytes(text));

    public bool Equals(Utf8Term other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is Utf8Term other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    public int CompareTo(Utf8Term other) => Bytes.SequenceCompareTo(other.Bytes);

    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    public static bool operator ==(Utf8Term left, Utf8Term right) => left.Equals(right);

    public static bool operator !=(Utf8Term left, Utf8Term right) => !left.Equals(right);

    public static bool operator <(Utf8Term left, Utf8Term right) => left.CompareTo(right) < 0;

    public static bool operator <=(Utf8Term left, Utf8Term right) => left.CompareTo(right) <= 0;

    public static bool operator >(Utf8Term left, Utf8Term right) => left.CompareTo(right) > 0;

    public static bool operator >=(Utf8Term left, Utf8Term right) => left.CompareTo(right) >= 0;
}
