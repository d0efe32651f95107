using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rookery.Accounts;
using Rookery.Adapters.Memory;
using Rookery.Adapters.Sql;
using Rookery.Mail;
using Rookery.Media;
using Rookery.Telemetry;

namespace Rookery.TestKit;

/// <summary>Accounts alone, on a database of their own, with cheap passwords.</summary>
internal sealed class AccountsWorld : ICommitObserver, IDisposable
{
    public const string Password = "plover ice tern";

    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;
    private readonly ConcurrentQueue<DomainEvent> _emitted = new();

    public AccountsWorld(
        Action<IServiceCollection>? configure = null,
        TestDatabase? database = null
    )
    {
        _database = database ?? new SqliteFile();
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>))
            .AddSingleton(TimeProvider.System)
            .AddSingleton(TestDatabase.Events)
            .AddSingleton(_database.Database)
            .AddSingleton<IAccountStore, SqlAccountStore>()
            .AddSingleton<IEmailStore, SqlEmailStore>()
            .AddSingleton<IMailStore, SqlMailStore>()
            .AddSingleton(Mails)
            .AddSingleton<IMailSender>(Mails)
            .AddSingleton<IRateLimits, MemoryRateLimits>()
            .AddSingleton<IMedia, SqlMediaStore>()
            .AddSingleton<IAccountCountStore, SqlAccountCountStore>()
            .AddTelemetry()
            .AddMail()
            .AddAccounts()
            .Configure<AccountsOptions>(options => options.PasswordRounds = 1_000);
        configure?.Invoke(services);
        _services = services.BuildServiceProvider();
        foreach (var observer in _services.GetServices<ICommitObserver>().Append(this))
        {
            Get<SqlDatabase>().Writes.Observe(observer);
        }
    }

    /// <summary>What accounts were sent.</summary>
    public MailBox Mails { get; } = new();

    /// <summary>Everything emitted so far, in commit order.</summary>
    public IReadOnlyList<DomainEvent> Emitted => [.. _emitted];

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<LoggedIn> SignUpAsync(string username)
    {
        var request = new SignUpRequest(username, $"{username}@example.org", Password);
        var signedUp = await Get<SignUp>().HandleAsync(request, CancellationToken.None);
        return signedUp.Value;
    }

    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        foreach (var committed in group)
        {
            _emitted.Enqueue(committed.Event);
        }
    }

    public void Forget() { }

    public void Dispose()
    {
        _services.Dispose();
        _database.Dispose();
    }
}
