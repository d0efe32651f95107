using System.CommandLine;

namespace Rookery.Server.Commands;

internal static class Shared
{
    /// <summary>Every command's folder; relative to where the shell stands.</summary>
    public static Option<string> DataOption() =>
        new("--data")
        {
            Description = "Folder of the data, relative to the current one (default: ./data)",
            DefaultValueFactory = _ => "data",
        };
}
