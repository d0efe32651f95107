using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Posts;
using Rookery.Server.Commands.Running;

namespace Rookery.Server.Commands.Import;

/// <summary>
/// <c>import posts</c>: each row of a file becomes a post with an id made of its date, once, however often the file is imported. Nobody is
/// notified; counters are recounted at the end.
/// </summary>
internal sealed class ImportPosts(
    IPostStore posts,
    IAccountStore accounts,
    IAccountCountStore counts,
    RecountAccounts recount,
    IOptions<PostsOptions> options,
    TimeProvider time
)
{
    /// <summary>Rows of one commit. Others' posts wait for it: at some 20 µs a row, 40 ms.</summary>
    private const int BatchSize = 2_000;

    public async Task<int> RunAsync(
        ImportPostsRequest request,
        ICommandOutput output,
        CancellationToken token
    )
    {
        var started = await StartAsync(request, output, token);
        if (!started.Succeeded)
        {
            output.Error(started.Problem.Detail);
            return ExitCodes.Failed;
        }

        using var run = started.Value;
        var broken = await recount.AfterAsync(() => TryReadAsync(run, token), output, token);
        if (broken is not null)
        {
            output.Error(broken);
            return ExitCodes.Failed;
        }

        run.Summarise(output);
        return run.Taken > 0 || run.Refused.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private async Task<Result<PostImport>> StartAsync(
        ImportPostsRequest request,
        ICommandOutput output,
        CancellationToken token
    )
    {
        var columns = ImportColumns.Parse(request.Columns);
        if (!columns.Succeeded)
        {
            return columns.Problem;
        }

        var authors = await AuthorsAsync(request, token);
        if (!authors.Succeeded)
        {
            return authors.Problem;
        }

        return PostImport.Start(
            request.File,
            columns.Value,
            authors.Value,
            new PostRows(options.Value, time.GetUtcNow()),
            output
        );
    }

    private async Task<Result<PostAuthors>> AuthorsAsync(
        ImportPostsRequest request,
        CancellationToken token
    )
    {
        switch (request.Authors)
        {
            case null or "named":
                return new PostAuthors(accounts, null);
            case "imported":
                var ranked = await counts.MostFollowedAsync(int.MaxValue, token);
                return ranked.Count > 0
                    ? new PostAuthors(accounts, ranked)
                    : Problem.Invalid(
                        "authors",
                        "There is no account yet that could get the posts; import a graph first, or leave --authors away."
                    );
            default:
                return Problem.Invalid(
                    "authors",
                    $"--authors is \"named\" (the default) or \"imported\", not \"{request.Authors}\"."
                );
        }
    }

    /// <summary>Null, or why it could not go on.</summary>
    private async Task<string?> TryReadAsync(PostImport run, CancellationToken token)
    {
        try
        {
            foreach (var rows in Batches.Of(run.Rows, BatchSize))
            {
                token.ThrowIfCancellationRequested();
                await ImportAsync(run, rows, token);
            }

            return null;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            return $"{run.File.Path} cannot be read beyond line {run.Line}: {fault.Message}. {run.Stored} posts were stored.";
        }
    }

    private async Task ImportAsync(PostImport run, SourceRow[] rows, CancellationToken token)
    {
        var drafts = run.Draft(rows);
        await run.Authors.PrepareAsync(drafts.Select(draft => draft.User), token);
        var mentioned = await accounts.ResolveAsync(
            drafts.SelectMany(draft => draft.Text.Mentions).ToHashSet(),
            token
        );
        var ready = drafts
            .Select(draft => (draft.Line, Post: run.PostOf(draft, mentioned)))
            .Where(draft => draft.Post is not null)
            .ToList();
        var outcomes = await posts.ImportAsync([.. ready.Select(draft => draft.Post!)], token);
        for (var i = 0; i < outcomes.Count; i++)
        {
            run.Count(ready[i].Line, outcomes[i]);
        }

        run.EndBatch(rows);
    }
}
