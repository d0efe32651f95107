using System.CommandLine;
using Rookery.Server.Commands;

// The host drains on SIGTERM in its own time; the command line must not cut it short.
return await RookeryCommand
    .Create()
    .Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
