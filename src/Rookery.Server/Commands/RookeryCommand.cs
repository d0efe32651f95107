using System.CommandLine;

namespace Rookery.Server.Commands;

/// <summary>The one program: <c>rookery</c> alone serves; the other commands work on a running server or on a closed folder.</summary>
internal static class RookeryCommand
{
    public static RootCommand Create()
    {
        var serve = new ServeOptions();
        var root = new RootCommand("Rookery: a microblogging server. Without a command it serves.");
        serve.AddTo(root);
        root.SetAction((arguments, token) => ServeCommand.RunAsync(serve.Read(arguments), token));
        root.Subcommands.Add(ServeCommand.Create());
        root.Subcommands.Add(ImportCommand.Create());
        root.Subcommands.Add(VerifyCommand.Create());
        root.Subcommands.Add(SchemaCommand.Create());
        root.Subcommands.Add(AdminCommand.Create());
        return root;
    }
}
