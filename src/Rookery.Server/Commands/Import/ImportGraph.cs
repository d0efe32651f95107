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

    /// <summary>Lines between two looks at the operator's Ctrl-C.</summary>
    private const int LineBatch = 100_000;

    /// <summary>
    /// Follows that are stored together, in commits of the store's own size. Each such batch passes over both indices once, so the fewer the faster;
    /// this many take 60 MB while they are sorted.
    /// </summary>
    private const int FollowBatch = 2_000_000;

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
        var broken = await recount.AfterAsync(() => TryReadAsync(run, token), output, token);
        if (broken is not null)
        {
            output.Error(broken);
            return ExitCodes.Failed;
        }

        run.Summarise();
        return run.Edges > 0 || run.Refused.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>Null, or why it could not go on.</summary>
    private async Task<string?> TryReadAsync(Run run, CancellationToken token)
    {
        try
        {
            foreach (var lines in Batches.Of(EdgeList.Read(run.File.Text), LineBatch))
            {
                token.ThrowIfCancellationRequested();
                if (run.Line == 0 && lines.Take(2).All(line => line.NoEdge is not null))
                {
                    return $"{run.File.Path} is no edge list: line {lines[0].Line} is \"{lines[0].NoEdge}\", and {EdgeList.Right}.";
                }

                await ReadAsync(run, lines, token);
                if (run.Follows.Count >= FollowBatch)
                {
                    await StoreAsync(run, token);
                }
            }

            await StoreAsync(run, token);
            return null;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            await StoreAsync(run, token);
            return $"{run.File.Path} cannot be read beyond line {run.Line}: {fault.Message} {run.Stored} follows were stored.";
        }
    }

    private async Task ReadAsync(Run run, EdgeLine[] lines, CancellationToken token)
    {
        await EnsureAccountsAsync(run, lines, token);
        foreach (var line in lines)
        {
            if (run.FollowOf(line) is { } follow)
            {
                run.Follows.Add(follow);
            }
        }

        run.Line = lines[^1].Line;
        run.ShowProgress(0);
    }

    private async Task StoreAsync(Run run, CancellationToken token)
    {
        run.Stored += await graph.ImportFollowsAsync(run.Follows, run.ShowProgress, token);
        run.Edges += run.Follows.Count;
        run.Follows.Clear();
    }

    private async Task EnsureAccountsAsync(Run run, EdgeLine[] lines, CancellationToken token)
    {
        var missing = new HashSet<long>();
        foreach (var line in lines.Where(line => line.NoEdge is null))
        {
            run.AddMissing(missing, line.Follower);
            run.AddMissing(missing, line.Followee);
        }

        // Names that are neighbours in their index are made in one commit.
        var named = missing
            .Select(number => (Number: number, Account: AccountOf(number)))
            .OrderBy(account => account.Account.Handle.Folded, StringComparer.Ordinal);
        foreach (var batch in named.Chunk(AccountBatch))
        {
            var ids = await accounts.ImportAsync([.. batch.Select(one => one.Account)], token);
            for (var i = 0; i < batch.Length; i++)
            {
                run.Accounts.Add(batch[i].Number, ids[i]);
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

        /// <summary>Read and not stored yet.</summary>
        public List<(AccountId, AccountId)> Follows { get; } = [];

        public RefusedRows Refused { get; } = new();

        public long Line { get; set; }

        public long Edges { get; set; }

        public long Stored { get; set; }

        public void AddMissing(HashSet<long> missing, long number)
        {
            if (!Accounts.ContainsKey(number))
            {
                missing.Add(number);
            }
        }

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

        /// <param name="part">How much of what was read and not stored yet is stored by now.</param>
        public void ShowProgress(double part)
        {
            var stored = Edges + (part * Follows.Count);
            // Reading is soon done, storing is what takes time.
            output.Progress(
                file.Part * stored / Math.Max(1, Edges + Follows.Count),
                Invariant($"{stored:N0} follows, {Accounts.Count:N0} accounts")
            );
        }

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
