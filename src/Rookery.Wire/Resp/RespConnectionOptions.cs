namespace Rookery.Wire.Resp;

/// <summary>How a connection behaves.</summary>
/// <param name="AnswerTimeout">Every command is answered within it, or the connection is closed hard.</param>
/// <param name="KeepAlive">A connection that was not used for so long asks whether the server is there.</param>
/// <param name="Pushed">Called on the reading loop for every message that is no reply; it must return at once.</param>
internal sealed record RespConnectionOptions(
    TimeSpan AnswerTimeout,
    TimeSpan KeepAlive,
    RespLimits Limits,
    TimeProvider Time,
    Action<RespValue>? Pushed = null
)
{
    /// <summary>Bytes that may wait for a server that does not take them; what comes beyond fails at once, unsent.</summary>
    public int MostUnsent { get; init; } = 64 << 20;
}
