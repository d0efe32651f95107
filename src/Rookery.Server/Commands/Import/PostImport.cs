using System.Diagnostics;
using Rookery.Posts;
using Rookery.Server.Commands.Running;

namespace Rookery.Server.Commands.Import;

/// <summary>One import of one file of posts: what is being read, and what became of what was read.</summary>
internal sealed class PostImport : IDisposable
{
    private readonly PostRows _check;
    private readonly ICommandOutput _output;
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _read;
    private long _alreadyThere;

    private PostImport(
        ImportFile file,
        IEnumerable<SourceRow> rows,
        PostAuthors authors,
        PostRows check,
        ICommandOutput output
    )
    {
        (File, Rows, Authors) = (file, rows, authors);
        (_check, _output) = (check, output);
    }

    public ImportFile File { get; }

    public IEnumerable<SourceRow> Rows { get; }

    public PostAuthors Authors { get; }

    public RefusedRows Refused { get; } = new();

    /// <summary>The last line of what was imported.</summary>
    public long Line { get; private set; }

    public long Stored { get; private set; }

    public long Taken => Stored + _alreadyThere;

    public static Result<PostImport> Start(
        string path,
        ImportColumns columns,
        PostAuthors authors,
        PostRows check,
        ICommandOutput output
    )
    {
        var file = ImportFile.Open(path);
        if (!file.Succeeded)
        {
            return file.Problem;
        }

        try
        {
            var rows = SourceRows.Of(file.Value.Text, columns);
            if (rows.Succeeded)
            {
                return new PostImport(file.Value, rows.Value.All, authors, check, output);
            }

            file.Value.Dispose();
            return rows.Problem;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            file.Value.Dispose();
            return Problem.Invalid("file", $"{path} cannot be read: {fault.Message}");
        }
    }

    public List<PostDraft> Draft(SourceRow[] rows) =>
        rows.Select(row => _check.Draft(row, Refused)).OfType<PostDraft>().ToList();

    /// <summary>Null where the author's account was deleted here.</summary>
    public ImportedPost? PostOf(PostDraft draft, IReadOnlyDictionary<string, AccountId> mentioned)
    {
        if (Authors.Of(draft.User) is not { } author)
        {
            Count(draft.Line, ImportOutcome.AuthorClosed);
            return null;
        }

        var mentions = draft
            .Text.Mentions.Where(mentioned.ContainsKey)
            .Select(name => mentioned[name])
            .Where(account => account != author)
            .Take(_check.MaxMentions)
            .ToArray();
        return new ImportedPost(
            author,
            draft.Date,
            draft.Text.Text,
            mentions,
            draft.Text.Hashtags,
            draft.Keys
        );
    }

    public void Count(long line, ImportOutcome outcome)
    {
        switch (outcome)
        {
            case ImportOutcome.Stored:
                Stored++;
                break;
            case ImportOutcome.AlreadyThere:
                _alreadyThere++;
                break;
            default:
                Refused.Add(line, "the author was deleted or suspended here");
                break;
        }
    }

    public void EndBatch(SourceRow[] rows)
    {
        _read += rows.Length;
        Line = rows[^1].Line;
        _output.Progress(
            File.Part,
            FormattableString.Invariant($"{_read:N0} posts, {Authors.Count:N0} authors")
        );
    }

    public void Summarise(ICommandOutput output)
    {
        var seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        output.Line(
            $"{_read} posts read: {Stored} stored, {_alreadyThere} already there, {Refused.Count} refused; {Authors.Count} authors"
        );
        foreach (var line in Refused.Lines())
        {
            output.Line(line);
        }

        if (_check.Longer > 0)
        {
            output.Line(
                $"  {_check.Longer} texts are longer than new posts may be, and were kept whole"
            );
        }

        if (File.UndecodableBytes > 0)
        {
            output.Line($"  {File.UndecodableBytes} bytes are no UTF-8 and became U+FFFD");
        }

        output.Line(
            FormattableString.Invariant(
                $"{seconds:F1} s with the recount of counters, {_read / seconds:N0} posts/s"
            )
        );
    }

    public void Dispose() => File.Dispose();
}
