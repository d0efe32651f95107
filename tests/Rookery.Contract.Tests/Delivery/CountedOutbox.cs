using System.Reflection;
using Rookery.Delivery;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>An outbox that counts how often each of its methods is called.</summary>
public class CountedOutbox : DispatchProxy
{
    private readonly Dictionary<string, int> _calls = [];
    private IOutboxStore _outbox = null!;

    internal static IOutboxStore Of(IOutboxStore outbox)
    {
        var counted = Create<IOutboxStore, CountedOutbox>();
        ((CountedOutbox)(object)counted)._outbox = outbox;
        return counted;
    }

    internal static int CallsOf(IOutboxStore outbox, string method)
    {
        var counted = (CountedOutbox)(object)outbox;
        lock (counted._calls)
        {
            return counted._calls.GetValueOrDefault(method);
        }
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        lock (_calls)
        {
            _calls[targetMethod!.Name] = _calls.GetValueOrDefault(targetMethod.Name) + 1;
        }

        return targetMethod.Invoke(_outbox, args);
    }
}
