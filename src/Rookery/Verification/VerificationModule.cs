using Microsoft.Extensions.DependencyInjection;

namespace Rookery.Verification;

public static class VerificationModule
{
    public static IServiceCollection AddVerification(this IServiceCollection services)
    {
        services
            .AddOptions<VerificationOptions>()
            .BindConfiguration(VerificationOptions.Section)
            .ValidateAnnotations(VerificationOptions.Section)
            .ValidateOnStart();
        return services.AddChecks().AddRepair();
    }

    private static IServiceCollection AddRepair(this IServiceCollection services) =>
        services.AddSingleton<RecountPosts>().AddSingleton<RepairCounters>();

    /// <summary>In the order in which they run: tables, then counters of them, then what is held in memory.</summary>
    private static IServiceCollection AddChecks(this IServiceCollection services) =>
        services
            .AddTable(DerivedTable.Followers, "followers against follows")
            .AddTable(DerivedTable.BlockedBy, "blocked by against blocks")
            .AddTable(DerivedTable.Likers, "likers against likes")
            .AddTable(DerivedTable.Mentions, "mentions of standing posts")
            .AddSingleton<ICheck, CheckHashtags>()
            .AddSingleton<ICheck, CheckDelivery>()
            .AddSingleton<ICheck, CheckAccountCounts>()
            .AddSingleton<ICheck, CheckPostCounts>()
            .AddSingleton<ICheck, CheckNotifications>()
            .AddSingleton<ICheck, CheckBells>()
            .AddSingleton<ICheck, CheckHomeTimelines>()
            .AddSingleton<ICheck, CheckHeads>()
            .AddSingleton<ICheck, CheckFragments>()
            .AddSingleton<ICheck, CheckSearch>()
            .AddSingleton<VerifyAll>();

    private static IServiceCollection AddTable(
        this IServiceCollection services,
        DerivedTable table,
        string name
    ) =>
        services.AddSingleton<ICheck>(provider => new CheckTable(
            provider.GetRequiredService<IDerivedTables>(),
            table,
            name
        ));
}
