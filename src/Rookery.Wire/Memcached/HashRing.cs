using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rookery.Wire.Memcached;

/// <summary>
/// Nodes on a circle, each at many points: a key belongs to the first point at or behind its hash. A node more takes its share from
/// all others, and nothing else moves. The order in which the nodes are given does not matter.
/// </summary>
internal sealed class HashRing
{
    /// <summary>Of each node: shares then differ by some 8 %.</summary>
    private const int Points = 160;

    private readonly uint[] _hashes;
    private readonly WireEndpoint[] _owners;

    public HashRing(IEnumerable<WireEndpoint> nodes)
    {
        var points = nodes
            .SelectMany(node => PointsOf(node).Select(hash => (Hash: hash, Node: node)))
            .OrderBy(point => point.Hash)
            .ThenBy(point => $"{point.Node}", StringComparer.Ordinal)
            .ToList();
        _hashes = [.. points.Select(point => point.Hash)];
        _owners = [.. points.Select(point => point.Node)];
    }

    public WireEndpoint OwnerOf(uint hash)
    {
        var at = Array.BinarySearch(_hashes, hash);
        at = at < 0 ? ~at : at;
        return _owners[at == _owners.Length ? 0 : at];
    }

    private static IEnumerable<uint> PointsOf(WireEndpoint node)
    {
        const int InOneDigest = SHA256.HashSizeInBytes / sizeof(uint);
        for (var i = 0; i < Points / InOneDigest; i++)
        {
            var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{node}-{i}"));
            for (var j = 0; j < InOneDigest; j++)
            {
                yield return BinaryPrimitives.ReadUInt32LittleEndian(
                    digest.AsSpan(j * sizeof(uint))
                );
            }
        }
    }
}
