namespace Rookery.Adapters.Sql;

/// <summary>
/// A data folder remembers that what it served stands in PostgreSQL. Where the setting that names it is misspelt, or an operator's shell lacks it, an empty
/// SQLite file would show an installation without people, and take new ones: that is refused.
/// </summary>
/// <param name="database">Where the SQLite file is, or would be.</param>
internal sealed class ServedPostgres(string database)
{
    private const string Default = $"{SqlOptions.Section}:{nameof(SqlOptions.Default)}";

    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(database))!;

    private string Note => Path.Combine(_folder, "served.postgresql");

    /// <exception cref="StoreUnavailableException">The folder served PostgreSQL, and no setting names one.</exception>
    public void RefuseFile()
    {
        try
        {
            if (File.Exists(Note))
            {
                var served = string.Join("; ", File.ReadAllLines(Note));
                throw new StoreUnavailableException(
                    $"The data folder {_folder} served PostgreSQL ({served}), and no setting names a PostgreSQL now: set {Default}, or those of the capabilities, as it was; in the environment that is {Default.Replace(":", "__", StringComparison.Ordinal)}. To begin anew with an empty SQLite file, remove {Note}."
                );
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"{Note} cannot be read: {fault.Message}", fault);
        }
    }

    /// <exception cref="StoreUnavailableException">It cannot be written.</exception>
    public void Remember(IEnumerable<(SqlPlace Place, SqlDatabase Database)> all)
    {
        var served = string.Concat(
            all.Select(one => $"{one.Place.Setting}: {one.Database.Description}\n")
        );
        try
        {
            if (File.Exists(Note) && File.ReadAllText(Note) == served)
            {
                return;
            }

            var unfinished = $"{Note}.new";
            using (var file = new StreamWriter(unfinished))
            {
                file.Write(served);
                file.Flush();
                ((FileStream)file.BaseStream).Flush(flushToDisk: true);
            }

            File.Move(unfinished, Note, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"{Note} cannot be written: {fault.Message}",
                fault
            );
        }
    }
}
