using System.CommandLine;
using Rookery.Server.Commands;

// "@ana" is a username here, not a file with further arguments.
var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };

// The host drains on SIGTERM in its own time; the command line must not cut it short.
return await RookeryCommand
    .Create()
    .Parse(args, parser)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
