using Microsoft.Extensions.DependencyInjection;
using Rookery.Api.Mastodon;
using Rookery.Live;
using Rookery.Posts;
using Rookery.Reading;
using Rookery.TestKit;

namespace Rookery.Benchmarks;

/// <summary>One post of a followee, written again and again to one open stream: what each stream costs beyond the first.</summary>
internal sealed class WriteStream
{
    private readonly OneBufferPipe _pipe = new(1 << 16);
    private readonly FollowStream _follow;
    private readonly LiveView _view;
    private readonly LiveEvent _event;
    private readonly MastodonSite _site = new("http://a", "http://a");
    private readonly EventWriter _writer;

    public WriteStream(HomeWorld world)
    {
        var parts = world.Services;
        _follow = ActivatorUtilities.CreateInstance<FollowStream>(
            parts,
            ActivatorUtilities.CreateInstance<SharedStatuses>(parts)
        );
        _view = new LiveHome(world.Read, world.Reader.Id);
        using var page = TimelinePage.Rent();
        var reading = world.HomeAsync(page, 1);
        if (!reading.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("What is in memory is read without waiting.");
        }

        var post = page.FirstEntry;
        _event = new LiveEvent(LiveKind.Update, new LivePosition(post, 1))
        {
            Post = post,
            Visibility = Visibility.Public,
        };
        _writer = new EventWriter(
            _pipe,
            new LiveStream(_view.Viewer, default, default, 1, () => { })
        );
    }

    /// <summary>Answers how many bytes were written.</summary>
    public async ValueTask<int> WriteAsync()
    {
        _pipe.Clear();
        await _follow.UpdateAsync(_event, _view, _site, _writer, CancellationToken.None);
        return _pipe.Length;
    }
}
