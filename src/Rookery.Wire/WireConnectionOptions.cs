namespace Rookery.Wire;

/// <summary>How a connection behaves.</summary>
/// <param name="AnswerTimeout">Every command is answered within it, or the connection is closed hard.</param>
/// <param name="MaxUnsentBytes">Bytes that may wait for a server that does not take them; what comes beyond fails at once, unsent.</param>
/// <param name="KeepAlive">A connection that was not used for so long asks whether the server is there.</param>
internal sealed record WireConnectionOptions(
    TimeSpan AnswerTimeout,
    TimeSpan KeepAlive,
    int MaxUnsentBytes,
    TimeProvider Time
);
