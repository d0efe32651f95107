namespace Rookery.Server.Commands.Running;

internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Something is not right: a file, an argument, the data; a message says what.</summary>
    public const int Failed = 1;

    /// <summary>Nothing was compared, so nothing is known.</summary>
    public const int NothingDone = 2;

    /// <summary>Stopped by the operator, as shells have it for SIGINT.</summary>
    public const int Stopped = 130;
}
