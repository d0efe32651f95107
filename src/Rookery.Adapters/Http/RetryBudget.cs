namespace Rookery.Adapters.Http;

/// <summary>
/// How many questions may be asked twice: one of so many. A few are saved up, so that a process that restarts is met by retries, and one that is
/// overloaded is not.
/// </summary>
internal sealed class RetryBudget(int questionsPerRetry)
{
    private const int Saved = 10;

    private readonly long _most = (long)Saved * questionsPerRetry;
    private long _questions = (long)Saved * questionsPerRetry;

    public void Asked()
    {
        if (Interlocked.Increment(ref _questions) > _most)
        {
            Interlocked.Decrement(ref _questions);
        }
    }

    public bool TryTake()
    {
        while (true)
        {
            var held = Interlocked.Read(ref _questions);
            if (held < questionsPerRetry)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _questions, held - questionsPerRetry, held) == held)
            {
                return true;
            }
        }
    }
}
