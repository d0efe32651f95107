namespace Rookery.Wire.Resp;

/// <summary>How a connection behaves.</summary>
/// <param name="AnswerTimeout">Every command is answered within it, or the connection is closed hard.</param>
/// <param name="KeepAlive">A connection that was not used for so long asks whether the server is there.</param>
/// <param name="Pushed">Called on the reading loop for every message that is no reply; it must return at once.</param>
/// <param name="Unasked">Called for replies to nothing; null: they are a fault. Only what is written for its messages alone has them.</param>
internal sealed record RespConnectionOptions(
    TimeSpan AnswerTimeout,
    TimeSpan KeepAlive,
    RespLimits Limits,
    TimeProvider Time,
    Action<RespValue>? Pushed = null,
    Action<RespValue>? Unasked = null
)
{
    /// <summary>Bytes that may wait for a server that does not take them; what comes beyond fails at once, unsent.</summary>
    public int MostUnsent { get; init; } = 64 << 20;
}
