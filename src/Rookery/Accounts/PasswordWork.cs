namespace Rookery.Accounts;

/// <summary>
/// Hashes passwords on at most half of the cores: a hash costs a tenth of a second, and timelines are read meanwhile. Who asks when too many wait
/// already is told to come back.
/// </summary>
internal sealed class PasswordWork(PasswordHasher hasher) : IDisposable
{
    /// <summary>At a tenth of a second each, the last one in the queue waits no longer than a browser does.</summary>
    private const int MaxWaiting = 128;

    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int _waiting;

    /// <exception cref="StoreUnavailableException">Too many wait.</exception>
    public Task<string> HashAsync(string password, CancellationToken token) =>
        RunAsync(() => hasher.Hash(password), token);

    /// <summary>Takes the same time whether there is an account and a password or not.</summary>
    /// <exception cref="StoreUnavailableException">Too many wait.</exception>
    public Task<bool> VerifyAsync(
        string password,
        Credentials? credentials,
        CancellationToken token
    ) => RunAsync(() => hasher.Verify(password, credentials?.PasswordHash ?? ""), token);

    public bool NeedsRehash(Credentials credentials) =>
        hasher.NeedsRehash(credentials.PasswordHash);

    public void Dispose() => _turns.Dispose();

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken token)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MaxWaiting)
            {
                throw new StoreUnavailableException("Too many passwords are being checked.");
            }

            await _turns.WaitAsync(token);
            try
            {
                return await Task.Run(work, token);
            }
            finally
            {
                _turns.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
