namespace Rookery.Wire.Resp;

/// <summary>The server answered with an error; the message is its own.</summary>
public sealed class RespErrorException(string error) : WireException(error)
{
    /// <summary>Its first word: <c>WRONGTYPE</c>, <c>OOM</c>, <c>NOPERM</c>, …</summary>
    public string Code { get; } = error.Split(' ', 2)[0];
}

/// <summary>The server answered with something else than the caller's command can give.</summary>
public sealed class RespShapeException(string message) : WireException(message);
