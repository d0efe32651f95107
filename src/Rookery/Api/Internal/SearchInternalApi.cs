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

    // A corrected query may be somewhat longer than the one that was asked.
    private const int LongestQuery = 4 * SearchPosts.MaxQueryLength;

    private static readonly FieldDoc _searcher = new(
        "searcher_id",
        FieldType.Id,
        FieldPlace.Body,
        "Who may find more than everybody does.",
        false
    );

    private void MapAll(IEndpointRouteBuilder routes)
    {
        routes.MapInternal(
            "search/find",
            FindAsync,
            "What a query finds in this process's shard, newest first, whoever may see it",
            """{"ids":[9,7],"read":2,"is_whole":true}""",
            Query("Searched as it stands."),
            _searcher,
            Count("Posts at most; 20 if not said.", ShardQuestion.MostPosts),
            new FieldDoc("below_id", FieldType.Id, FieldPlace.Body, "Only older posts.", false),
            new FieldDoc("above_id", FieldType.Id, FieldPlace.Body, "Only newer posts.", false),
            new FieldDoc(
                "from_below",
                FieldType.Flag,
                FieldPlace.Body,
                "The oldest of them are asked for, not the newest.",
                false
            ),
            new FieldDoc(
                "may_read",
                FieldType.Integer,
                FieldPlace.Body,
                "Posts that may be read through for it; as many as the process is set to if not said.",
                false,
                0,
                ShardQuestion.MostRead
            )
        );
        routes.MapInternal(
            "search/hashtags",
            HashtagsAsync,
            "Hashtags of public posts in this process's shard that begin so, the most used first",
            """{"hashtags":[{"name":"birds","posts":3}],"is_whole":true}""",
            Query("The beginning of a hashtag, with or without #."),
            Count("Hashtags at most; 20 if not said.", HashtagsQuestion.Most)
        );
        routes.MapInternal(
            "search/words",
            WordsAsync,
            "How the words of a query are known in this process's shard, and what they may have been meant to be",
            """{"words":[{"word":"figth","posts":0,"near":[{"word":"fight","posts":120}]}],"finds_guarded":false,"is_whole":true}""",
            Query("The query with these words."),
            _searcher
        );
    }

    private static FieldDoc Query(string description) =>
        new("query", FieldType.Text, FieldPlace.Body, description, true, 1, LongestQuery);

    private static FieldDoc Count(string description, int most) =>
        new("count", FieldType.Integer, FieldPlace.Body, description, false, 1, most);

    private async Task<Problem?> FindAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var question = new ShardQuestion(
            QueryIn(fields),
            fields.OptionalAccount(_searcher.Name),
            fields.Number("count", 1, ShardQuestion.MostPosts, Page.DefaultCount),
            fields.OptionalPost("below_id"),
            fields.OptionalPost("above_id"),
            fields.Flag("from_below"),
            fields.Number("may_read", 0, ShardQuestion.MostRead, ShardQuestion.MostRead)
        );
        return fields.Problem
            ?? await context.AnswerInternalAsync(
                await shard.FindAsync(question, context.RequestAborted),
                InternalJson.Default.ShardAnswer
            );
    }

    private async Task<Problem?> HashtagsAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var question = new HashtagsQuestion(
            QueryIn(fields),
            fields.Number("count", 1, HashtagsQuestion.Most, Page.DefaultCount)
        );
        return fields.Problem
            ?? await context.AnswerInternalAsync(
                await shard.HashtagsAsync(question, context.RequestAborted),
                InternalJson.Default.HashtagsAnswer
            );
    }

    private async Task<Problem?> WordsAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var question = new WordsQuestion(QueryIn(fields), fields.OptionalAccount(_searcher.Name));
        return fields.Problem
            ?? await context.AnswerInternalAsync(
                await shard.WordsAsync(question, context.RequestAborted),
                InternalJson.Default.WordsAnswer
            );
    }

    private static string QueryIn(RequestFields fields)
    {
        var query = fields.Text("query", LongestQuery);
        if (!UnicodeText.CanBeNormalised(query))
        {
            fields.Refuse("query", "must be text without U+FFFE, which is no character");
        }

        return query;
    }
}
