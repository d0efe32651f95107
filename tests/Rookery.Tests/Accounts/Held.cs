using System.Reflection;
using Rookery.Accounts;

namespace Rookery.Tests.Accounts;

/// <summary>
/// An account store whose reads have their answer already and are held back until they are let go: what a write in between makes of them is
/// what a test asks.
/// </summary>
public class Held : DispatchProxy
{
    private IAccountStore _inner = null!;
    private TaskCompletionSource _reached = new();
    private TaskCompletionSource? _gate;

    public int Reads { get; private set; }

    public static (IAccountStore Store, Held Control) Of(IAccountStore inner)
    {
        var store = Create<IAccountStore, Held>();
        var control = (Held)(object)store;
        control._inner = inner;
        return (store, control);
    }

    /// <summary>Completes when a read has its answer and waits.</summary>
    public Task HoldNextRead()
    {
        _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _reached.Task;
    }

    public void LetGo() => _gate!.SetResult();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var answer = targetMethod!.Invoke(_inner, args);
        return answer switch
        {
            ValueTask<StoredSession?> session => new ValueTask<StoredSession?>(
                WaitAsync(session.AsTask())
            ),
            ValueTask<IReadOnlyList<AccountCard>> cards => new ValueTask<
                IReadOnlyList<AccountCard>
            >(WaitAsync(cards.AsTask())),
            _ => answer,
        };
    }

    private async Task<T> WaitAsync<T>(Task<T> answer)
    {
        Reads++;
        var value = await answer;
        if (_gate is { } gate)
        {
            _reached.TrySetResult();
            await gate.Task;
        }

        return value;
    }
}
