using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.Mail;
using Rookery.TestKit;

namespace Rookery.Contract.Tests.Mail;

public sealed class SqliteMailStoreTests() : SqlMailStoreTests(time => new SqliteFile(time));

public sealed class PostgresMailStoreTests() : SqlMailStoreTests(PostgresDatabase.Create);

public abstract class SqlMailStoreTests : MailStoreContract, IDisposable
{
    private readonly TestDatabase _database;

    private protected SqlMailStoreTests(Func<TimeProvider, TestDatabase> database)
    {
        _database = database(Time);
        Store = new SqlMailStore(_database.Database);
        Accounts = new SqlAccountStore(_database.Database);
    }

    protected override IMailStore Store { get; }

    protected override IAccountStore Accounts { get; }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteEmailStoreTests() : SqlEmailStoreTests(time => new SqliteFile(time));

public sealed class PostgresEmailStoreTests() : SqlEmailStoreTests(PostgresDatabase.Create);

public abstract class SqlEmailStoreTests : EmailStoreContract, IDisposable
{
    private readonly TestDatabase _database;

    private protected SqlEmailStoreTests(Func<TimeProvider, TestDatabase> database)
    {
        _database = database(Time);
        Store = new SqlEmailStore(_database.Database);
        Mails = new SqlMailStore(_database.Database);
        Accounts = new SqlAccountStore(_database.Database);
    }

    protected override IEmailStore Store { get; }

    protected override IMailStore Mails { get; }

    protected override IAccountStore Accounts { get; }

    public void Dispose()
    {
        _database.Dispose();
        GC.SuppressFinalize(this);
    }
}
