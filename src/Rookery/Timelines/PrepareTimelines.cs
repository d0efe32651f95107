using Microsoft.Extensions.Hosting;
using Rookery.Posts;

namespace Rookery.Timelines;

/// <summary>Reads from truth what commits only tell changes of, before the first timeline is read.</summary>
internal sealed class PrepareTimelines(AuthorHeads heads, MergedAuthors merged, IPosts posts)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        heads.BeginAt((await posts.NewestIdAsync(cancellationToken)).Value);
        foreach (var author in await posts.MergedAuthorsAsync(cancellationToken))
        {
            merged.Add(author);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
