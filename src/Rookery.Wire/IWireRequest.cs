namespace Rookery.Wire;

/// <summary>
/// One or more commands on one connection. Each position gets exactly one of <see cref="Reply"/> and <see cref="Fail"/>. All three are
/// called from the connection's own loops or under its lock: they return at once and never call back.
/// </summary>
internal interface IWireRequest<TReply, in TSource>
{
    /// <summary>Appends commands that give one reply for each position from the first on.</summary>
    void Write(WireBuffer buffer, int first, int count);

    void Reply(int position, in TReply value, TSource source);

    void Fail(int first, int count, WireUnavailableException failure);
}
