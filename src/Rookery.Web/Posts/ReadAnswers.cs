using Rookery.Posts;
using Rookery.Web.Timelines;
using Rookery.Web.Visits;

namespace Rookery.Web.Posts;

/// <summary>One line of what stands below a post.</summary>
/// <param name="Depth">0 for what answers the post itself, one more for what answers that.</param>
/// <param name="IsBelowParent">It stands right below what it answers, which need not be named.</param>
/// <param name="HasMore">What answers it is not all on this page; it is on its own.</param>
public sealed record AnswerView(EntryView Entry, int Depth, bool IsBelowParent, bool HasMore);

/// <summary>Reads what answers a post, and what answers that: as much as one page has room for. Of what is left out each answer's own page has more.</summary>
internal sealed class ReadAnswers(IPosts posts, ReadEntries read)
{
    /// <summary>Below one answer.</summary>
    private const int MostBelowOne = 3;

    /// <summary>Each level is one read.</summary>
    private const int Deepest = 5;

    /// <summary>Below all answers of a page together.</summary>
    private const int MostBelow = 60;

    /// <summary>The answers above <paramref name="after"/>, and after which one they go on.</summary>
    public async ValueTask<(IReadOnlyList<AnswerView> Answers, PostId? Next)> HandleAsync(
        Visit visit,
        PostId post,
        PostId? after
    )
    {
        var (direct, next) = await read.RepliesAsync(visit, post, after);
        var below = await BelowAsync([.. direct.Select(entry => entry.Id)], visit.Gone);
        PostId[] ids = [.. below.Shown.Values.SelectMany(some => some)];
        var shown = (ids.Length == 0 ? [] : await read.PostsAsync(visit, ids))
            .Concat(direct)
            .ToDictionary(entry => entry.Id);
        var lines = new List<AnswerView>();
        foreach (var entry in direct)
        {
            Put(entry.Id, 0, isBelowParent: true);
        }

        return (lines, next);

        void Put(PostId id, int depth, bool isBelowParent)
        {
            if (!shown.TryGetValue(id, out var entry))
            {
                // Of what one may not see, what answers it is left out too.
                return;
            }

            lines.Add(new AnswerView(entry, depth, isBelowParent, HasMore(entry, depth)));
            foreach (var answer in below.Shown.GetValueOrDefault(id, []))
            {
                Put(answer, depth + 1, isBelowParent: lines[^1].Entry.Id == id);
            }
        }

        bool HasMore(EntryView entry, int depth) =>
            below.CutShort.Contains(entry.Id)
            || (depth == Deepest && entry.Shown.Post.Counts.Replies > 0);
    }

    private async ValueTask<Below> BelowAsync(PostId[] level, CancellationToken token)
    {
        var below = new Below([], []);
        var room = MostBelow;
        for (var depth = 0; depth < Deepest && level.Length > 0; depth++)
        {
            var found = await posts.RepliesToAsync(level, MostBelowOne + 1, token);
            foreach (var (parent, ids) in found)
            {
                PostId[] some = [.. ids.Take(Math.Min(MostBelowOne, room))];
                below.Shown.Add(parent, some);
                room -= some.Length;
                if (some.Length < ids.Count)
                {
                    below.CutShort.Add(parent);
                }
            }

            level = [.. found.SelectMany(one => below.Shown[one.Parent])];
        }

        return below;
    }

    /// <param name="Shown">Of each post what answers it, as far as there is room.</param>
    /// <param name="CutShort">Posts that more answers.</param>
    private sealed record Below(Dictionary<PostId, PostId[]> Shown, HashSet<PostId> CutShort);
}
