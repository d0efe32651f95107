using System.Buffers.Text;
using System.Text;

namespace Rookery.Adapters.Redis;

/// <summary>
/// The two keys of a timeline, its list and its rebuilder's token, in one slot: `rookery:1:{owner}l` and `rookery:1:{owner}t`. The number
/// is the store's generation.
/// </summary>
internal sealed class TimelineKeys(string prefix, int generation)
{
    public const int MaxLength = 96;
    public const byte List = (byte)'l';
    public const byte Token = (byte)'t';

    private readonly byte[] _head = Encoding.ASCII.GetBytes($"{prefix}:{generation}:{{");

    /// <summary>What keys of this store look like to SCAN.</summary>
    public string Pattern => $"{Encoding.ASCII.GetString(_head)}*";

    public byte[] ListOf(AccountId owner) => Of(owner, List);

    public byte[] TokenOf(AccountId owner) => Of(owner, Token);

    /// <summary>Answers how long it is.</summary>
    public int Write(AccountId owner, byte kind, Span<byte> key)
    {
        _head.CopyTo(key);
        Utf8Formatter.TryFormat(owner.Value, key[_head.Length..], out var digits);
        var end = _head.Length + digits;
        key[end] = (byte)'}';
        key[end + 1] = kind;
        return end + 2;
    }

    /// <summary>Whose list the key is; null for every other key.</summary>
    public AccountId? OwnerOfList(ReadOnlySpan<byte> key) =>
        key.Length > _head.Length + 2
        && key.StartsWith(_head)
        && key[^1] == List
        && key[^2] == (byte)'}'
        && Utf8Parser.TryParse(key[_head.Length..^2], out long owner, out var read)
        && read == key.Length - _head.Length - 2
            ? new AccountId(owner)
            : null;

    private byte[] Of(AccountId owner, byte kind)
    {
        Span<byte> key = stackalloc byte[MaxLength];
        return key[..Write(owner, kind, key)].ToArray();
    }
}
