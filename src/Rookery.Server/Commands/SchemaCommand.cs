using System.CommandLine;
using Rookery.Server.Composition;

namespace Rookery.Server.Commands;

internal static class SchemaCommand
{
    public static Command Create()
    {
        var service = new Argument<string?>("service")
        {
            Description = $"One of {string.Join(", ", Schemas.Services)} (default: all)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var dialect = new Option<string>("--dialect")
        {
            Description = $"{string.Join(" or ", Schemas.Dialects)} (default: sqlite)",
            DefaultValueFactory = _ => "sqlite",
        };
        service.AcceptOnlyFromAmong([.. Schemas.Services]);
        dialect.AcceptOnlyFromAmong([.. Schemas.Dialects]);
        var command = new Command("schema", "Print the SQL of each service's tables.")
        {
            service,
            dialect,
        };
        command.SetAction(arguments =>
            Console.Out.Write(
                Schemas.Of(arguments.GetValue(service), arguments.GetRequiredValue(dialect))
            )
        );
        return command;
    }
}
