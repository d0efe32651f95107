namespace Rookery.Adapters.Logs;

/// <summary>How far what was taken has come.</summary>
/// <param name="IsThere">Nothing is on the way any more.</param>
/// <param name="Refusal">Why the server will never take it, whatever is done.</param>
internal readonly record struct Sent(bool IsThere, string? Refusal = null);

/// <summary>
/// A place that takes lines over the network. One loop calls it, one call after the other. Lines arrive at least once and in order; a server that
/// cannot be reached is an exception, and the call can be repeated.
/// </summary>
internal interface ILogServer : IDisposable
{
    /// <summary>The setting and where it points, for the operator.</summary>
    string Name { get; }

    /// <summary>Keeps the lines until they have arrived or were refused. Called only when what was taken before is sent.</summary>
    void Take(IReadOnlyList<LogLine> lines);

    /// <summary>Sends what was taken and has not arrived.</summary>
    Task<Sent> SendAsync(CancellationToken token);

    /// <summary>Ends the connection in good order, when all has arrived.</summary>
    Task CloseAsync(CancellationToken token);
}
