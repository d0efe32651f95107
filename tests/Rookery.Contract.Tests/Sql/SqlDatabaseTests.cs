using Microsoft.Extensions.Logging.Abstractions;
using Rookery.Adapters.Sql;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Sql;

public sealed class SqlDatabaseTests
{
    [Fact]
    public void A_read_that_throws_leaves_no_open_connection()
    {
        using var file = new SqliteFile();
        SqlSession? used = null;

        Assert.Throws<InvalidTimeZoneException>(() =>
            file.Database.Read<int>(session =>
            {
                used = session;
                throw new InvalidTimeZoneException();
            })
        );

        Assert.Throws<InvalidOperationException>(() => used!.Run("SELECT 1"));
        Assert.Equal(1, file.Database.Read(session => session.Number("SELECT 1", 0)));
    }

    [Fact]
    public void A_read_that_comes_too_late_does_not_open_the_file_again()
    {
        using var file = new SqliteFile();
        Assert.Equal(1, file.Database.Read(session => session.Number("SELECT 1", 0)));
        file.Database.Dispose();
        var left = Directory.GetFiles(file.Folder);
        Assert.Throws<StoreUnavailableException>(() =>
            file.Database.Read(session => session.Number("SELECT 1", 0))
        );
        Assert.Equal(left, Directory.GetFiles(file.Folder));
        Assert.DoesNotContain(
            left.Single(path => path.EndsWith(".db", StringComparison.Ordinal)),
            OpenFiles()
        );
    }

    [Fact]
    public async Task A_read_that_is_under_way_when_the_database_is_closed_comes_to_its_end()
    {
        var stop = TestContext.Current.CancellationToken;
        using var file = new SqliteFile();
        using var reading = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var read = Task.Run(
            () =>
                file.Database.Read(session =>
                {
                    reading.Set();
                    go.Wait(stop);
                    return session.Number("SELECT 1", 0);
                }),
            stop
        );
        reading.Wait(stop);
        var closing = Task.Run(file.Database.Dispose, stop);
        await Wait.UntilAsync(
            () => Task.FromResult(IsClosed(file)),
            () => "new reads are refused",
            stop
        );
        Assert.False(closing.IsCompleted);
        go.Set();
        Assert.Equal(1, await read);
        await closing;
    }

    [Fact]
    public void A_file_that_is_no_database_is_not_held_open()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "rookery.db");
        File.WriteAllText(path, new string('x', 4096));

        Assert.Throws<StoreUnavailableException>(() =>
            SqlDatabase.Open(
                path,
                new SqlOptions(),
                new EventTypes([.. GraphEvents.Types]),
                TimeProvider.System,
                NullLoggerFactory.Instance
            )
        );

        Assert.DoesNotContain(path, OpenFiles());
    }

    private static bool IsClosed(SqliteFile file)
    {
        try
        {
            return file.Database.Read(session => session.Number("SELECT 1", 0)) == 0;
        }
        catch (StoreUnavailableException)
        {
            return true;
        }
    }

    private static IEnumerable<string?> OpenFiles() =>
        Directory.EnumerateFiles("/proc/self/fd").Select(TargetOf);

    /// <summary>Null where another test has closed it meanwhile.</summary>
    private static string? TargetOf(string open)
    {
        try
        {
            return File.ResolveLinkTarget(open, returnFinalTarget: false)?.FullName;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
