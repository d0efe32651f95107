using System.CommandLine;
using Rookery.Server.Commands.Import;
using Rookery.Server.Commands.Running;

namespace Rookery.Server.Commands;

internal static class ImportCommand
{
    public static Command Create() =>
        new("import", "Bring in follows or posts from a file. Importing it again changes nothing.")
        {
            Graph(),
            Posts(),
        };

    private static Command Graph()
    {
        var data = Shared.DataOption();
        var file = File(
            $"Edge list, plain or gzip: {EdgeList.Right}; number N becomes the account uN"
        );
        var command = new Command("graph", "Import who follows whom.") { data, file };
        command.SetAction(
            (arguments, token) =>
                RunCommand.RunAsync(
                    arguments.GetRequiredValue(data),
                    new ImportGraphRequest(Path.GetFullPath(arguments.GetRequiredValue(file))),
                    token
                )
        );
        return command;
    }

    private static Command Posts()
    {
        var data = Shared.DataOption();
        var file = File("JSON lines or CSV, plain or gzip");
        var columns = new Option<string?>("--columns")
        {
            Description =
                $"Which column or JSON field is what: {ImportColumns.Example[10..]}, and id= and url= where there are any",
        };
        var authors = new Option<string?>("--authors")
        {
            Description =
                "named: an author's posts go to the account of that name, made if need be (default); imported: the k-th author's go to the account with the k-th most followers",
        };
        var command = new Command("posts", "Import posts with their dates.")
        {
            data,
            file,
            columns,
            authors,
        };
        command.SetAction(
            (arguments, token) =>
                RunCommand.RunAsync(
                    arguments.GetRequiredValue(data),
                    new ImportPostsRequest(
                        Path.GetFullPath(arguments.GetRequiredValue(file)),
                        arguments.GetValue(columns),
                        arguments.GetValue(authors)
                    ),
                    token
                )
        );
        return command;
    }

    private static Argument<string> File(string description) =>
        new("file") { Description = description };
}
