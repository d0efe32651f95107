using Rookery.Server.Commands.Admin;
using Rookery.Server.Commands.Import;
using Rookery.Server.Commands.Verify;
using Rookery.Server.Composition;

namespace Rookery.Server.Commands.Running;

/// <summary>Runs requests where the folder is open: in the server, or in the command's own process.</summary>
internal sealed class CommandRunner(
    ImportGraph importGraph,
    ImportPosts importPosts,
    VerifyData verify,
    ManageAccounts accounts,
    ManageModeration moderation,
    ManageDeadLetters deadLetters,
    RunningRoles roles
)
{
    /// <summary>Answers the exit code; a store that cannot be used, or a file that breaks off, is told like any other problem.</summary>
    public async Task<int> RunAsync(
        CommandRequest request,
        ICommandOutput output,
        CancellationToken token
    )
    {
        if (Needs(request).FirstOrDefault(role => !roles.Reach(role)) is { } missing)
        {
            output.Error(
                $"the server of this folder does not run role {missing} and has a database of its own; run the command with the folder of one that does."
            );
            return ExitCodes.Failed;
        }

        try
        {
            return await DispatchAsync(request, output, token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            output.Error("stopped; what was done stands, and running it again goes on from there.");
            return ExitCodes.Stopped;
        }
        catch (StoreUnavailableException fault)
        {
            output.Error(fault.Message);
            return ExitCodes.Failed;
        }
    }

    /// <summary>The roles whose tables the command writes.</summary>
    private static string[] Needs(CommandRequest request) =>
        request switch
        {
            ImportGraphRequest => ["accounts", "graph"],
            ImportPostsRequest => ["accounts", "graph", "posts"],
            CreateAccountRequest
            or SetPasswordRequest
            or DeleteAccountRequest
            or ListAccountsRequest
            or SuspendAccountRequest
            or LiftSuspensionRequest
            or GiveRoleRequest
            or ListModeratorsRequest
            or ListActsRequest => ["accounts"],
            _ => [],
        };

    private Task<int> DispatchAsync(
        CommandRequest request,
        ICommandOutput output,
        CancellationToken token
    ) =>
        request switch
        {
            ImportGraphRequest import => importGraph.RunAsync(import, output, token),
            ImportPostsRequest import => importPosts.RunAsync(import, output, token),
            VerifyRequest check => verify.RunAsync(check, output, token),
            CreateAccountRequest create => accounts.CreateAsync(create, output, token),
            SetPasswordRequest set => accounts.SetPasswordAsync(set, output, token),
            DeleteAccountRequest delete => accounts.DeleteAsync(delete, output, token),
            ListAccountsRequest list => accounts.ListAsync(list, output, token),
            SuspendAccountRequest suspend => moderation.SuspendAsync(suspend, output, token),
            LiftSuspensionRequest lift => moderation.LiftAsync(lift, output, token),
            GiveRoleRequest give => moderation.GiveRoleAsync(give, output, token),
            ListModeratorsRequest => moderation.ListModeratorsAsync(output, token),
            ListActsRequest list => moderation.ListActsAsync(list, output, token),
            ListDeadLettersRequest => deadLetters.ListAsync(output, token),
            ReplayDeadLettersRequest replay => deadLetters.ReplayAsync(replay, output, token),
            DiscardDeadLettersRequest discard => deadLetters.DiscardAsync(discard, output, token),
            _ => throw new ArgumentOutOfRangeException(nameof(request)),
        };
}
