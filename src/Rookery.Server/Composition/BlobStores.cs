using Rookery.Adapters.Disk;
using Rookery.Adapters.S3;

namespace Rookery.Server.Composition;

/// <summary>What the stores of blobs need.</summary>
internal static class BlobStores
{
    public static IServiceCollection AddBlobs(this IServiceCollection services, DataFolder folder)
    {
        services
            .AddOptions<S3Options>()
            .BindConfiguration(S3Options.Section)
            .ValidateAnnotations(S3Options.Section)
            .ValidateOnStart();
        return services.AddSingleton(new DiskBlobFolder(folder.Media));
    }
}
