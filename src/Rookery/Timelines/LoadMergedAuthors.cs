using Microsoft.Extensions.Hosting;
using Rookery.Posts;

namespace Rookery.Timelines;

/// <summary>Reads which authors are merged before the first timeline is read; from then on commits tell.</summary>
internal sealed class LoadMergedAuthors(MergedAuthors merged, IPosts posts) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var author in await posts.MergedAuthorsAsync(cancellationToken))
        {
            merged.Add(author);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
