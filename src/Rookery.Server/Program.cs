using System.CommandLine;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rookery.Server.Commands;

// The command line's own texts need ICU, so nothing may come before this.
if (Icu.Missing() is { } missing)
{
    // Not the console's stream: that asks for an encoding, which asks for a culture.
    using var error = new FileStream(new SafeFileHandle(2, ownsHandle: false), FileAccess.Write, 0);
    error.Write(Encoding.ASCII.GetBytes("rookery: " + missing + "\n"));
    return 1;
}

// "@ana" is a username here, not a file with further arguments.
var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };

// The host drains on SIGTERM in its own time; the command line must not cut it short.
return await RookeryCommand
    .Create()
    .Parse(args, parser)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
