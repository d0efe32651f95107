using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Adapters.Memcached;
using Rookery.Adapters.Sql;
using Rookery.Posts;
using Rookery.Sharing;

namespace Rookery.Server.Composition;

/// <summary>What is read through memcached where there is one: single posts and account cards. Without, the stores answer themselves.</summary>
internal static class MemcachedStores
{
    public static IServiceCollection AddMemcached(this IServiceCollection services)
    {
        services
            .AddOptions<MemcachedOptions>()
            .BindConfiguration(MemcachedOptions.Section)
            .ValidateAnnotations(MemcachedOptions.Section)
            .Validate<IOptions<SqlOptions>>(
                (memcached, sql) => !memcached.IsUsed || sql.Value.IsShared,
                "Memcached:Nodes: memcached is for servers that share a PostgreSQL, and Databases:Default names none."
            )
            .ValidateOnStart();
        return services
            .AddSingleton<IPosts>(provider =>
                provider.GetRequiredService<IPostStore>() is var store && Shares(provider)
                    ? new SharedPosts(
                        store,
                        provider.GetRequiredService<SharedSources>().Posts.Reads
                    )
                    : store
            )
            .AddSingleton<IAccountCards>(provider =>
                provider.GetRequiredService<IAccountStore>() is var store && Shares(provider)
                    ? new SharedCards(
                        store,
                        provider.GetRequiredService<SharedSources>().Cards.Reads
                    )
                    : store
            );
    }

    private static bool Shares(IServiceProvider provider) =>
        provider.GetRequiredService<ISharedCache>().Keeps;
}
