using Microsoft.Extensions.DependencyInjection;

namespace Rookery.Moderation;

public static class ModerationModule
{
    /// <summary>Needs the doors of accounts, posts and the graph, and the store of reports.</summary>
    public static IServiceCollection AddModeration(this IServiceCollection services)
    {
        services
            .AddOptions<ModerationOptions>()
            .BindConfiguration(ModerationOptions.Section)
            .ValidateAnnotations(ModerationOptions.Section)
            .ValidateOnStart();
        return services
            .AddSingleton<ReportLimits>()
            .AddSingleton<ReportAccount>()
            .AddSingleton<ReadReports>()
            .AddSingleton<ResolveReport>();
    }
}
