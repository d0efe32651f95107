using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Rookery.Reading;

public static class ReadingModule
{
    public static IServiceCollection AddReading(this IServiceCollection services)
    {
        services
            .AddOptions<ReadingOptions>()
            .BindConfiguration(ReadingOptions.Section)
            .ValidateAnnotations(ReadingOptions.Section)
            .ValidateOnStart();
        return services
            .AddSingleton(provider => new FragmentRing(
                provider.GetRequiredService<IOptions<ReadingOptions>>().Value,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<RecentCounts>()
            .AddSingleton<GonePosts>()
            .AddSingleton<ViewerMarksCache>()
            .AddSingleton<HydratePosts>()
            .AddSingleton<ReadTimeline>()
            .AddSingleton<ReadSelected>()
            .AddSingleton<PresentClassic>()
            .AddSingleton<PresentService>()
            .AddSingleton<PresentAccepted>()
            .AddSingleton<ICommitObserver, ReadingObserver>();
    }
}
