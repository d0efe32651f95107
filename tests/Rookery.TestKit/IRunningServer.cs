namespace Rookery.TestKit;

/// <summary>A whole Rookery: one process, or several that share the work.</summary>
internal interface IRunningServer : IAsyncDisposable
{
    HttpClient Http { get; }

    ServiceClient Service { get; }

    /// <summary>Of the process that shows home timelines.</summary>
    IServiceProvider Services { get; }

    /// <summary>Completes when every process knows of everything that was committed before: what was added too, which no answer waits for.</summary>
    Task HearAsync(CancellationToken stop);

    /// <summary>Waits until every consumer has applied every event that stands in the outbox, and everybody knows.</summary>
    Task SettleAsync(CancellationToken stop);

    /// <summary>Wipes all that is derived: everything kept in memory, and every pushed timeline.</summary>
    Task ForgetAsync(CancellationToken stop);
}
