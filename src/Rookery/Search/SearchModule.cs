using Microsoft.Extensions.DependencyInjection;

namespace Rookery.Search;

public static class SearchModule
{
    public static IServiceCollection AddSearch(this IServiceCollection services, string folder)
    {
        services
            .AddOptions<SearchOptions>()
            .BindConfiguration(SearchOptions.Section)
            .ValidateAnnotations(SearchOptions.Section)
            .ValidateOnStart();
        return services
            .AddSingleton(new SearchFolder(folder))
            .AddSingleton<ShardLayout>()
            .AddSingleton<SearchIndex>()
            .AddSingleton<SearchSnapshots>()
            .AddSingleton<AddToIndex>()
            .AddSingleton<IndexPosts>()
            .AddSingleton<ICommitObserver>(parts => parts.GetRequiredService<IndexPosts>())
            .AddSingleton<IndexAccounts>()
            .AddSingleton<KeepIndex>()
            .AddSingleton<FollowCounts>()
            .AddSingleton<ICommitObserver>(parts => parts.GetRequiredService<FollowCounts>())
            .AddSingleton<SearcherLikes>()
            .AddSingleton<ICommitObserver>(parts => parts.GetRequiredService<SearcherLikes>())
            .AddSingleton<SearchAccounts>()
            .AddSingleton<HashtagsIn>()
            .AddSingleton<SearchHashtags>()
            .AddSingleton<CorrectQuery>()
            .AddSingleton<PrepareSearch>()
            .AddSingleton<AskShards>()
            .AddSingleton<SearchIn>()
            .AddSingleton<LocalShard>()
            .AddSingleton<SearchPosts>();
    }
}
