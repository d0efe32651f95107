using System.Buffers.Text;
using System.Text;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>
/// The two keys of a timeline, its list and its rebuilder's token, in one slot: `rookery:1:{owner}l` and `rookery:1:{owner}t`. The number
/// is the store's generation. A shard's stamp ends in s.
/// </summary>
internal sealed class TimelineKeys(string prefix, int generation)
{
    public const int MaxLength = 96;
    public const byte List = (byte)'l';
    public const byte Token = (byte)'t';

    private const byte Stamp = (byte)'s';

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

    /// <summary>The key of a shard's stamp: the first of a row of keys that is in one of its slots, so everybody finds the same.</summary>
    public byte[] StampOf(IReadOnlyList<SlotRange> slots)
    {
        for (var number = 0L; ; number++)
        {
            var key = Of(new AccountId(number), Stamp);
            if (slots.Have(KeySlot.Of(key)))
            {
                return key;
            }
        }
    }

    /// <summary>Whose list or token the key is; null for every other key.</summary>
    public AccountId? OwnerOf(ReadOnlySpan<byte> key) =>
        key.Length > _head.Length + 2
        && key.StartsWith(_head)
        && key[^1] is List or Token
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
