using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Posts;
using Rookery.Sharing;

namespace Rookery.TestKit;

/// <summary>Counts what a server asks of its database, and of what it shares with others: every call of a port that SQL or memcached serves.</summary>
internal sealed class CountedPorts : IServiceProviderFactory<IServiceCollection>
{
    private static readonly Type[] Ports =
    [
        typeof(IAccountStore),
        typeof(IAccountCountStore),
        typeof(IGraphStore),
        typeof(IPostStore),
        typeof(ISharedCache),
    ];

    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _calls = new();

    /// <summary>The names of what was called, in order.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    public IServiceCollection CreateBuilder(IServiceCollection services)
    {
        foreach (var port in Ports)
        {
            var real = services.Single(service => service.ServiceType == port);
            services.Remove(real);
            services.AddSingleton(
                port,
                provider =>
                    Counted.Over(port, real.ImplementationFactory!(provider), _calls.Enqueue)
            );
        }

        return services;
    }

    public IServiceProvider CreateServiceProvider(IServiceCollection containerBuilder) =>
        containerBuilder.BuildServiceProvider();

    /// <summary>Passes every call on.</summary>
#pragma warning disable CA1852 // The proxy that is made derives from it.
    internal class Counted : DispatchProxy
#pragma warning restore CA1852
    {
        private object _real = null!;
        private Action<string> _called = null!;

        public static object Over(Type port, object real, Action<string> called)
        {
            var proxy = Create(port, typeof(Counted));
            ((Counted)proxy)._real = real;
            ((Counted)proxy)._called = called;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            _called(targetMethod!.Name);
            return targetMethod.Invoke(
                _real,
                BindingFlags.DoNotWrapExceptions,
                binder: null,
                args,
                culture: null
            );
        }
    }
}
