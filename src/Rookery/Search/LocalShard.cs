namespace Rookery.Search;

/// <summary>This process's part of the index.</summary>
internal sealed class LocalShard(SearchIndex index, PrepareSearch prepare, SearchIn search)
    : ISearchShard
{
    public async ValueTask<ShardAnswer> FindAsync(ShardQuestion question, CancellationToken token)
    {
        var isWhole = index.IsWhole;
        var prepared = await prepare.LiterallyAsync(question.Query, question.SearcherId, token);
        var found = await search.HandleAsync(prepared, question.Page, token);
        return new ShardAnswer(found.Ids, found.IsPartial, isWhole);
    }
}
