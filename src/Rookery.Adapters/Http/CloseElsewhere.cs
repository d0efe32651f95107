using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Api.Internal;
using Rookery.Api.Service;
using Rookery.Delivery;

namespace Rookery.Adapters.Http;

/// <summary>
/// Tells a process of role posts with a database of its own that an account is gone, suspended or there again: before that is answered, and again behind its
/// event, which makes up for a crash or an outage in between.
/// </summary>
internal sealed class CloseElsewhere
    : IAccountClosing,
        IAccountSuspending,
        IEventConsumer,
        IDisposable
{
    private const string Close = "internal/posts/close";

    private readonly Door? _posts;

    public CloseElsewhere(
        IOptions<PostsDoorOptions> posts,
        IOptions<DoorOptions> door,
        ServiceKey key,
        TimeProvider time,
        ILogger<CloseElsewhere> logger
    )
    {
        const string setting = $"{PostsDoorOptions.Section}:{nameof(PostsDoorOptions.Url)}";
        var url = posts.Value.Url;
        _posts =
            url.Length > 0 ? new Door(setting, url, key.Value, door.Value, time, logger) : null;
    }

    public string Name => "close-elsewhere";

    public IReadOnlyList<Type> Reads { get; } =
    [typeof(AccountDeleted), typeof(AccountSuspended), typeof(AccountRestored)];

    public bool TellsAnotherProcess => _posts is not null;

    /// <summary>Null where nobody is told.</summary>
    public Peer? Peer =>
        _posts is { } posts
            ? new Peer(posts, IsAlone: true, token => posts.MeetAsync(Close, token))
            : null;

    public async Task CloseAsync(AccountId account, CancellationToken token)
    {
        if (_posts is not null)
        {
            await _posts.AskAsync(
                Close,
                new AccountQuestion(account),
                InternalJson.Default.AccountQuestion,
                InternalJson.Default.DoneAnswer,
                token
            );
        }
    }

    public async Task ApplyAsync(
        AccountId account,
        bool isSuspended,
        long version,
        CancellationToken token
    )
    {
        if (_posts is not null)
        {
            await _posts.AskAsync(
                "internal/posts/suspend",
                new StandingQuestion(account, isSuspended, version),
                InternalJson.Default.StandingQuestion,
                InternalJson.Default.DoneAnswer,
                token
            );
        }
    }

    public async Task HandleAsync(IReadOnlyList<Committed> events, CancellationToken token)
    {
        foreach (var happened in events.Select(committed => committed.Event))
        {
            await (
                happened switch
                {
                    AccountDeleted deleted => CloseAsync(deleted.Account, token),
                    AccountSuspended suspended => ApplyAsync(
                        suspended.Account,
                        true,
                        suspended.Version,
                        token
                    ),
                    AccountRestored restored => ApplyAsync(
                        restored.Account,
                        false,
                        restored.Version,
                        token
                    ),
                    _ => Task.CompletedTask,
                }
            );
        }
    }

    public void Dispose() => _posts?.Dispose();
}
