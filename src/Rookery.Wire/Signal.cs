using System.Threading.Tasks.Sources;

namespace Rookery.Wire;

/// <summary>
/// Wakes the one loop that waits, without allocating. Who sets it runs the loop up to its next wait: so a lone command is written
/// by its own caller, without a change of threads.
/// </summary>
internal sealed class Signal : IValueTaskSource
{
    private const int Unset = 0;
    private const int IsSet = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    public void Set()
    {
        while (true)
        {
            switch (Volatile.Read(ref _state))
            {
                case IsSet:
                    return;
                case Waiting:
                    if (Interlocked.CompareExchange(ref _state, Unset, Waiting) == Waiting)
                    {
                        _core.SetResult(true);
                        return;
                    }

                    break;
                default:
                    if (Interlocked.CompareExchange(ref _state, IsSet, Unset) == Unset)
                    {
                        return;
                    }

                    break;
            }
        }
    }

    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Unset, IsSet) == IsSet)
        {
            return default;
        }

        _core.Reset();
        var version = _core.Version;
        if (Interlocked.CompareExchange(ref _state, Waiting, Unset) == Unset)
        {
            return new ValueTask(this, version);
        }

        Volatile.Write(ref _state, Unset);
        return default;
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _core.OnCompleted(continuation, state, token, flags);
}
