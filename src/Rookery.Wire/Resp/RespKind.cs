namespace Rookery.Wire.Resp;

/// <summary>What a value is, in the order of RESP3's manual. A map's items are its keys and values in turn. RESP2's null string and null array are <see cref="Null"/>; attributes are not shown.</summary>
#pragma warning disable CA1720 // The protocol's own names.
public enum RespKind : byte
{
    Null,
    SimpleString,
    BulkString,
    VerbatimString,
    Error,
    Integer,
    Boolean,
    Double,
    BigNumber,
    Array,
    Map,
    Set,
    Push,
}
#pragma warning restore CA1720
