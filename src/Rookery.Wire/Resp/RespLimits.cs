namespace Rookery.Wire.Resp;

/// <summary>What a reply may have; more is a fault of the protocol, so a broken or hostile server cannot fill the memory.</summary>
/// <param name="Bytes">of one reply with all that is in it</param>
/// <param name="Items">of one array, set, map or push; keys and values of a map count each</param>
/// <param name="Depth">of arrays in arrays</param>
internal sealed record RespLimits(int Bytes, int Items = 1 << 20, int Depth = 32)
{
    /// <summary>Of a simple string or error. Redis cuts errors far earlier.</summary>
    public const int LineBytes = 1 << 16;

    /// <summary>Of a length, count or integer: 20 digits and a sign.</summary>
    public const int NumberBytes = 21;
}
