using System.Reflection;
using Rookery.Posts;

namespace Rookery.Tests.Search;

/// <summary>Posts of which the first that is read alone goes right after that: who has read it knows nothing of it.</summary>
public class GoneOnceRead : DispatchProxy
{
    private IPosts _inner = null!;
    private Func<Task>? _go;

    public static IPosts Of(IPosts inner, Func<Task> go)
    {
        var posts = Create<IPosts, GoneOnceRead>();
        var proxy = (GoneOnceRead)(object)posts;
        (proxy._inner, proxy._go) = (inner, go);
        return posts;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var answer = targetMethod!.Invoke(_inner, args);
        return
            targetMethod.Name == nameof(IPosts.GetManyAsync)
            && args![0] is ReadOnlyMemory<PostId> { Length: 1 }
            && Interlocked.Exchange(ref _go, null) is { } go
            ? new ValueTask<IReadOnlyList<Post>>(
                ThenAsync(((ValueTask<IReadOnlyList<Post>>)answer!).AsTask(), go)
            )
            : answer;
    }

    private static async Task<IReadOnlyList<Post>> ThenAsync(
        Task<IReadOnlyList<Post>> read,
        Func<Task> go
    )
    {
        var value = await read;
        await go();
        return value;
    }
}
