namespace Rookery.Wire;

/// <summary>What goes wrong between this process and a server.</summary>
public abstract class WireException(string message, Exception? inner = null)
    : Exception(message, inner);

/// <summary>The server sent bytes that are not its protocol. The connection they came on is closed.</summary>
public sealed class WireProtocolException(string message) : WireException(message);

/// <summary>
/// There is no answer: no connection, or it broke. <see cref="NeverSent"/> tells whether the server can have seen the command at all.
/// </summary>
public sealed class WireUnavailableException(
    string message,
    bool neverSent,
    Exception? inner = null
) : WireException(message, inner)
{
    /// <summary>True: no byte of the command left this process. False: nobody knows whether it was executed.</summary>
    public bool NeverSent { get; } = neverSent;
}
