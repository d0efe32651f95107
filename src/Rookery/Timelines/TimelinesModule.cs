using Microsoft.Extensions.DependencyInjection;
using Rookery.Delivery;

namespace Rookery.Timelines;

public static class TimelinesModule
{
    public static IServiceCollection AddTimelines(this IServiceCollection services)
    {
        services
            .AddOptions<TimelinesOptions>()
            .BindConfiguration(TimelinesOptions.Section)
            .ValidateAnnotations(TimelinesOptions.Section)
            .ValidateOnStart();
        return services
            .AddSingleton<AuthorHeads>()
            .AddSingleton<LoadHeads>()
            .AddSingleton<PushedTimeline>()
            .AddSingleton<MergedAuthors>()
            .AddSingleton<ColdReads>()
            .AddSingleton<DeepRead>()
            .AddSingleton<HomeTimeline>()
            .AddSingleton<ICommitObserver, HeadsObserver>()
            .AddHostedService<PrepareTimelines>();
    }

    /// <summary>The consumer that pushes posts onto timelines, and who sees to it that what was pushed is still there.</summary>
    public static IServiceCollection AddFanOut(this IServiceCollection services) =>
        services
            .AddSingleton<LargeFanOuts>()
            .AddSingleton<FanOut>()
            .AddSingleton<IEventConsumer>(provider => provider.GetRequiredService<FanOut>())
            .AddSingleton<GuardTimelines>();
}
