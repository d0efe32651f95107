using System.Reflection;

namespace Rookery.Tests.Media;

/// <summary>Passes every call of a port on, and has something happen before it.</summary>
public class BeforeEachCall : DispatchProxy
{
    private static readonly MethodInfo _afterwards = typeof(BeforeEachCall).GetMethod(
        nameof(AfterwardsAsync),
        BindingFlags.NonPublic | BindingFlags.Static
    )!;

    private object _inner = null!;
    private Func<Task> _before = null!;

    public static TPort Of<TPort>(TPort inner, Func<Task> before)
        where TPort : class
    {
        var port = Create<TPort, BeforeEachCall>();
        var proxy = (BeforeEachCall)(object)port;
        (proxy._inner, proxy._before) = (inner, before);
        return port;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var call = () =>
            targetMethod!.Invoke(
                _inner,
                BindingFlags.DoNotWrapExceptions,
                binder: null,
                args,
                culture: null
            )!;
        var answers = targetMethod!.ReturnType;
        if (!answers.IsGenericType)
        {
            return ThenAsync(call);
        }

        var of = answers.GetGenericArguments()[0];
        var task = _afterwards.MakeGenericMethod(of).Invoke(null, [_before, call]);
        return answers.GetGenericTypeDefinition() == typeof(ValueTask<>)
            ? Activator.CreateInstance(answers, task)
            : task;
    }

    private async Task ThenAsync(Func<object> call)
    {
        await _before();
        await (Task)call();
    }

    private static async Task<T> AfterwardsAsync<T>(Func<Task> before, Func<object> call)
    {
        await before();
        return call() switch
        {
            ValueTask<T> value => await value,
            var task => await (Task<T>)task,
        };
    }
}
