using Microsoft.Extensions.DependencyInjection;
using Rookery.Delivery;

namespace Rookery.Media;

public static class MediaModule
{
    /// <param name="incoming">The folder in which files are kept while they arrive; made when it is needed.</param>
    public static IServiceCollection AddMedia(this IServiceCollection services, string incoming)
    {
        services
            .AddOptions<MediaOptions>()
            .BindConfiguration(MediaOptions.Section)
            .ValidateAnnotations(MediaOptions.Section)
            .ValidateOnStart();
        return services
            .AddSingleton(new IncomingFolder(incoming))
            .AddSingleton<IMedia>(parts => parts.GetRequiredService<IMediaStore>())
            .AddSingleton<FreeMedia>()
            .AddSingleton<ReceiveUpload>()
            .AddSingleton<UploadMedia>()
            .AddSingleton<DescribeMedia>()
            .AddSingleton<RemoveMedia>()
            .AddSingleton<FetchBlob>()
            .AddSingleton<SweepMedia>()
            .AddSingleton<IEventConsumer, RemoveMediaOfDeleted>();
    }
}
