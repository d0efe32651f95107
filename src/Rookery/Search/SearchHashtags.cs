namespace Rookery.Search;

/// <summary>Finds hashtags of public posts by how they begin, in this process's index and in the shards that others hold.</summary>
internal sealed class SearchHashtags(HashtagsIn here, AskShards shards)
{
    public const int MaxCount = 80;

    /// <summary>The hashtag itself first, then those of the most posts; of as many the shorter, then by their letters.</summary>
    public async ValueTask<FoundHashtags> HandleAsync(
        string text,
        int count,
        CancellationToken token
    )
    {
        if (HashtagsIn.Fold(text) is not { } begun)
        {
            return new FoundHashtags([], IsPartial: false);
        }

        var question = new HashtagsQuestion(text, HashtagsQuestion.Most);
        var elsewhere = shards.AskAsync(
            (shard, stop) => shard.HashtagsAsync(question, stop),
            token
        );
        var own = await here.HandleAsync(begun, shards.AskAny ? question.Count : count, token);
        var others = await elsewhere;
        return new FoundHashtags(
            others.Answers.Count == 0
                ? [.. own.Take(count)]
                : Together(begun, [own, .. others.Answers.Select(one => one.Hashtags)], count),
            others.IsPartial
        );
    }

    private static IReadOnlyList<FoundHashtag> Together(
        Utf8Term begun,
        IReadOnlyList<IReadOnlyList<FoundHashtag>> lists,
        int count
    )
    {
        var itself = begun.ToString();
        return
        [
            .. lists
                .SelectMany(list => list)
                .GroupBy(one => one.Name, StringComparer.Ordinal)
                .Select(same => new FoundHashtag(
                    same.Key,
                    same.Sum(one => one.Posts),
                    same.MaxBy(one => one.Posts).Spelling
                ))
                .OrderByDescending(one => one.Name == itself)
                .ThenByDescending(one => one.Posts)
                .ThenBy(one => Utf8Term.Of(one.Name).Bytes.Length)
                .ThenBy(one => one.Name, StringComparer.Ordinal)
                .Take(count),
        ];
    }
}

/// <param name="IsPartial">Some may be missing, or some posts of theirs: a shard does not answer, or has not read all its posts yet.</param>
internal sealed record FoundHashtags(IReadOnlyList<FoundHashtag> Hashtags, bool IsPartial);
