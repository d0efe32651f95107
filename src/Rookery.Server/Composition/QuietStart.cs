namespace Rookery.Server.Composition;

/// <summary>
/// Keeps the framework and the database from logging what fails while the product starts: the start itself says it, in one line and without a
/// stack trace.
/// </summary>
internal sealed class QuietStart
{
    private volatile bool _over;

    public void AddTo(ILoggingBuilder logging)
    {
        logging.AddFilter("Microsoft.Extensions.Hosting", level => Says(level, LogLevel.Warning));
        logging.AddFilter(
            "Microsoft.AspNetCore.Server.Kestrel",
            level => Says(level, LogLevel.Warning)
        );
        logging.AddFilter("Rookery.Adapters.Sql", level => Says(level, LogLevel.Information));
    }

    public void End() => _over = true;

    private bool Says(LogLevel level, LogLevel least) => _over && level >= least;
}
