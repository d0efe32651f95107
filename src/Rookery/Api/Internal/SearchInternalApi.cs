using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Search;

namespace Rookery.Api.Internal;

/// <summary>This process's shard of the search index, for the processes of the others.</summary>
internal sealed class SearchInternalApi(LocalShard shard)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities.CreateInstance<SearchInternalApi>(routes.ServiceProvider).MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes) =>
        routes.MapInternal(
            "search/find",
            FindAsync,
            "What a query finds in this process's shard, newest first, whoever may see it",
            """{"ids":[9,7],"is_partial":false,"is_whole":true}""",
            new FieldDoc(
                "query",
                FieldType.Text,
                FieldPlace.Body,
                "Searched as it stands.",
                true,
                1,
                LongestQuery
            ),
            new FieldDoc(
                "searcher_id",
                FieldType.Id,
                FieldPlace.Body,
                "Who may find more than everybody does.",
                false
            ),
            new FieldDoc(
                "count",
                FieldType.Integer,
                FieldPlace.Body,
                "Posts at most; 20 if not said.",
                false,
                1,
                ShardQuestion.MostPosts
            ),
            new FieldDoc("below_id", FieldType.Id, FieldPlace.Body, "Only older posts.", false),
            new FieldDoc("above_id", FieldType.Id, FieldPlace.Body, "Only newer posts.", false),
            new FieldDoc(
                "from_below",
                FieldType.Flag,
                FieldPlace.Body,
                "The oldest of them are asked for, not the newest.",
                false
            )
        );

    // A corrected query may be somewhat longer than the one that was asked.
    private const int LongestQuery = 4 * SearchPosts.MaxQueryLength;

    private async Task<Problem?> FindAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var query = fields.Text("query", LongestQuery);
        if (!UnicodeText.CanBeNormalised(query))
        {
            fields.Refuse("query", "must be text without U+FFFE, which is no character");
        }

        var question = new ShardQuestion(
            query,
            fields.OptionalAccount("searcher_id"),
            fields.Number("count", 1, ShardQuestion.MostPosts, Page.DefaultCount),
            fields.OptionalPost("below_id"),
            fields.OptionalPost("above_id"),
            fields.Flag("from_below")
        );
        return fields.Problem
            ?? await context.AnswerInternalAsync(
                await shard.FindAsync(question, context.RequestAborted),
                InternalJson.Default.ShardAnswer
            );
    }
}
