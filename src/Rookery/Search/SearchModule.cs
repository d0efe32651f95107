using Microsoft.Extensions.DependencyInjection;

namespace Rookery.Search;

public static class SearchModule
{
    public static IServiceCollection AddSearch(this IServiceCollection services)
    {
        services
            .AddOptions<SearchOptions>()
            .BindConfiguration(SearchOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return services.AddSingleton<SearchPosts>();
    }
}
