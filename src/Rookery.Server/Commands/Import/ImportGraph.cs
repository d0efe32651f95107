using System.Diagnostics;
using System.Globalization;
using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Server.Commands.Running;

namespace Rookery.Server.Commands.Import;

/// <summary>
/// <c>import graph</c>: number N of the file becomes the account uN, made if need be, and each line a follow. Nobody is notified; counters are
/// recounted at the end. Whatever was imported before changes nothing, so an import that was broken off is simply started again.
/// </summary>
internal sealed class ImportGraph(
    IAccountStore accounts,
    IGraphStore graph,
    RecountAccounts recount
)
{
    /// <summary>Accounts are made in commits of this size.</summary>
    private const int AccountBatch = 2_000;

    /// <summary>Lines between two looks at the operator's Ctrl-C; the store commits them in pieces of its own.</summary>
    private const int EdgeBatch = 200_000;

    public async Task<int> RunAsync(
        ImportGraphRequest request,
        ICommandOutput output,
        CancellationToken token
    )
    {
        var opened = ImportFile.Open(request.File);
        if (!opened.Succeeded)
        {
            output.Error(opened.Problem.Detail);
            return ExitCodes.Failed;
        }

        using var file = opened.Value;
        var run = new Run(file, output);
        if (await TryReadAsync(run, token) is { } broken)
        {
            output.Error(broken);
            return ExitCodes.Failed;
        }

        await recount.HandleAsync(output, token);
        run.Summarise();
        return run.Edges > 0 || run.Refused.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>Null, or why it could not go on.</summary>
    private async Task<string?> TryReadAsync(Run run, CancellationToken token)
    {
        try
        {
            foreach (var lines in EdgeList.Read(run.File.Text).Chunk(EdgeBatch))
            {
                token.ThrowIfCancellationRequested();
                if (run.Line == 0 && lines[0].NoEdge is { } first)
                {
                    return $"{run.File.Path} is no edge list: line {lines[0].Line} is \"{first}\", and {EdgeList.Right}.";
                }

                await ImportAsync(run, lines, token);
            }

            return null;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            return $"{run.File.Path} cannot be read beyond line {run.Line}: {fault.Message} {run.Stored} follows were stored.";
        }
    }

    private async Task ImportAsync(Run run, EdgeLine[] lines, CancellationToken token)
    {
        await EnsureAccountsAsync(run, lines, token);
        var follows = new List<(AccountId, AccountId)>(lines.Length);
        foreach (var line in lines)
        {
            if (run.FollowOf(line) is { } follow)
            {
                follows.Add(follow);
            }
        }

        run.Stored += await graph.ImportFollowsAsync(follows, token);
        run.Edges += follows.Count;
        run.Line = lines[^1].Line;
        run.ShowProgress();
    }

    private async Task EnsureAccountsAsync(Run run, EdgeLine[] lines, CancellationToken token)
    {
        var numbers = lines
            .Where(line => line.NoEdge is null)
            .SelectMany(line => new[] { line.Follower, line.Followee })
            .Where(number => !run.Accounts.ContainsKey(number))
            .Distinct();
        foreach (var missing in numbers.ToArray().Chunk(AccountBatch))
        {
            var ids = await accounts.ImportAsync([.. missing.Select(AccountOf)], token);
            for (var i = 0; i < missing.Length; i++)
            {
                run.Accounts.Add(missing[i], ids[i]);
            }
        }
    }

    private static ImportedAccount AccountOf(long number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"u{number}");
        return new ImportedAccount(Handle.Imported(name), DisplayName.Parse(name, "name").Value);
    }

    private sealed class Run(ImportFile file, ICommandOutput output)
    {
        private readonly long _started = Stopwatch.GetTimestamp();

        public ImportFile File => file;

        public Dictionary<long, AccountId?> Accounts { get; } = [];

        public RefusedRows Refused { get; } = new();

        public long Line { get; set; }

        public long Edges { get; set; }

        public long Stored { get; set; }

        public (AccountId, AccountId)? FollowOf(EdgeLine line)
        {
            if (line.NoEdge is { } text)
            {
                Refused.Add(line.Line, $"no edge; {EdgeList.Right}", $"\"{text}\"");
            }
            else if (line.Follower == line.Followee)
            {
                Refused.Add(line.Line, "nobody follows themselves", $"{line.Follower}");
            }
            else if (
                Accounts[line.Follower] is { } follower
                && Accounts[line.Followee] is { } followee
            )
            {
                return (follower, followee);
            }
            else
            {
                Refused.Add(line.Line, "one of the two accounts was deleted here");
            }

            return null;
        }

        public void ShowProgress() =>
            output.Progress(
                file.Part,
                Invariant($"{Edges:N0} follows, {Accounts.Count:N0} accounts")
            );

        public void Summarise()
        {
            var seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
            output.Line(
                Invariant(
                    $"{Edges + Refused.Count} follows read: {Stored} stored, {Edges - Stored} already there or not allowed, {Refused.Count} refused; {Accounts.Count} accounts"
                )
            );
            foreach (var line in Refused.Lines())
            {
                output.Line(line);
            }

            output.Line(
                Invariant(
                    $"{seconds:F1} s with the recount of counters, {Edges / seconds:N0} follows/s"
                )
            );
        }

        private static string Invariant(FormattableString text) =>
            FormattableString.Invariant(text);
    }
}
