using Microsoft.Extensions.Options;

namespace Rookery.Search;

/// <summary>This process's part of the index.</summary>
internal sealed class LocalShard(
    SearchIndex index,
    PrepareSearch prepare,
    SearchIn search,
    HashtagsIn hashtags,
    CorrectQuery correct,
    IOptions<SearchOptions> options
) : ISearchShard
{
    public async ValueTask<ShardAnswer> FindAsync(ShardQuestion question, CancellationToken token)
    {
        var isWhole = index.IsWhole;
        var prepared = await prepare.LiterallyAsync(question.Query, question.SearcherId, token);
        var mayRead = Math.Min(question.MayRead, options.Value.PostsPerSearch);
        var budget = new SearchBudget(mayRead);
        var found = await search.HandleAsync(prepared, question.Page, budget, token);
        return new ShardAnswer(found.Ids, found.Reached, mayRead - budget.Posts, isWhole);
    }

    public async ValueTask<HashtagsAnswer> HashtagsAsync(
        HashtagsQuestion question,
        CancellationToken token
    )
    {
        var isWhole = index.IsWhole;
        return HashtagsIn.Fold(question.Query) is { } begun
            ? new HashtagsAnswer(await hashtags.HandleAsync(begun, question.Count, token), isWhole)
            : new HashtagsAnswer([], isWhole);
    }

    public async ValueTask<WordsAnswer> WordsAsync(WordsQuestion question, CancellationToken token)
    {
        var isWhole = index.IsWhole;
        var prepared = await prepare.LiterallyAsync(question.Query, question.SearcherId, token);
        return correct.AnswerHere(prepared, isWhole);
    }
}
