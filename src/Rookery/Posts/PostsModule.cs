using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Delivery;

namespace Rookery.Posts;

public static class PostsModule
{
    public static IServiceCollection AddPosts(this IServiceCollection services)
    {
        services
            .AddOptions<PostsOptions>()
            .BindConfiguration(PostsOptions.Section)
            .ValidateAnnotations(PostsOptions.Section)
            .ValidateOnStart();
        return services
            .AddSingleton<VisiblePosts>()
            .AddSingleton<HoldMedia>()
            .AddSingleton<AcceptPost>()
            .AddSingleton<RepostPost>()
            .AddSingleton<LikePost>()
            .AddSingleton<DeletePost>()
            .AddSingleton<IEventConsumer, CountMarks>()
            .AddSingleton<IEventConsumer, RemoveTracesOfDeleted>()
            .AddSingleton<SuspendAuthor>()
            .AddSingleton<IEventConsumer>(parts => parts.GetRequiredService<SuspendAuthor>())
            .AddSingleton<IAccountSuspending>(parts => parts.GetRequiredService<SuspendAuthor>())
            .AddSingleton<RemovePostsOfDeleted>()
            .AddSingleton<IEventConsumer>(parts => parts.GetRequiredService<RemovePostsOfDeleted>())
            .AddSingleton<IAccountClosing>(parts =>
                parts.GetRequiredService<RemovePostsOfDeleted>()
            );
    }
}
