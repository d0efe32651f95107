using Rookery.Server.Commands.Admin;
using Rookery.Server.Commands.Import;
using Rookery.Server.Commands.Verify;

namespace Rookery.Server.Commands.Running;

internal static class CommandsModule
{
    public static IServiceCollection AddCommands(this IServiceCollection services) =>
        services
            .AddSingleton<RecountAccounts>()
            .AddSingleton<ImportGraph>()
            .AddSingleton<ImportPosts>()
            .AddSingleton<VerifyData>()
            .AddSingleton<ManageAccounts>()
            .AddSingleton<ManageModeration>()
            .AddSingleton<ManageDeadLetters>()
            .AddSingleton<CommandRunner>();
}
