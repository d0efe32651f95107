using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Rookery.Posts;

namespace Rookery.Timelines;

/// <summary>
/// Which fan-outs are much work, by what the author's last one was: the first of a process is found out by doing it, and counting the followers
/// before each would cost the others more.
/// </summary>
internal sealed class LargeFanOuts(IOptions<TimelinesOptions> options)
{
    /// <summary>Authors with so many followers are few; the bound keeps a wrong setting from filling the memory.</summary>
    private const int MostAuthors = 100_000;

    private readonly ConcurrentDictionary<AccountId, bool> _authors = [];

    public void Done(AccountId author, int followers)
    {
        if (followers <= options.Value.LargeFanOutAbove)
        {
            _authors.TryRemove(author, out _);
        }
        else if (_authors.Count < MostAuthors)
        {
            _authors[author] = true;
        }
    }

    public IReadOnlyList<Committed> Among(IEnumerable<Committed> events) =>
        [
            .. events.Where(committed =>
                committed.Event is PostAccepted post && _authors.ContainsKey(post.Author)
            ),
        ];
}
