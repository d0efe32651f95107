namespace Rookery.Wire;

/// <summary>Reads replies of one protocol from bytes that arrive in any pieces. It bounds what a reply may have.</summary>
internal interface IWireParser<TReply>
{
    /// <summary>False while the reply is not complete: it is called again when there is more.</summary>
    /// <param name="bytes">begin with the first byte of the reply, on every call for it; they change when it has returned</param>
    /// <exception cref="WireProtocolException">These bytes are no reply, or one that is too large.</exception>
    bool TryParse(ReadOnlySpan<byte> bytes, out TReply reply, out int length);
}
