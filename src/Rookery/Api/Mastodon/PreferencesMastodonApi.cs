using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Posts;

namespace Rookery.Api.Mastodon;

/// <summary>What somebody wants of the own posts and of others', for programs that write and show them. Mastodon's names have colons.</summary>
internal sealed class PreferencesMastodonApi(Callers callers, ReadPostingDefaults read)
{
    private const string Example =
        """{"posting:default:visibility":"public","posting:default:sensitive":false,"posting:default:language":null,"posting:default:quote_policy":"nobody","reading:expand:media":"default","reading:expand:spoilers":false,"reading:autoplay:gifs":false}""";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMastodon(
            "GET",
            "/api/v1/preferences",
            ActivatorUtilities
                .CreateInstance<PreferencesMastodonApi>(routes.ServiceProvider)
                .AnswerAsync,
            new RouteDoc("What one's posts have where nothing else is said", AuthKind.Token)
            {
                Fields = [MastodonRoutes.Token],
                Answers = [new(200, "The preferences", Example)],
            }
        );

    /// <summary>As Mastodon names it.</summary>
    public static string NameOf(Visibility visibility) =>
        visibility switch
        {
            Visibility.Public => "public",
            Visibility.Unlisted => "unlisted",
            Visibility.Followers => "private",
            _ => "direct",
        };

    /// <summary>Null for what Mastodon does not name so.</summary>
    public static Visibility? Named(string name) =>
        name switch
        {
            "public" => Visibility.Public,
            "unlisted" => Visibility.Unlisted,
            "private" => Visibility.Followers,
            "direct" => Visibility.Direct,
            _ => null,
        };

    private async Task<Problem?> AnswerAsync(HttpContext context)
    {
        var caller = await callers.RequireAsync(context, RequestFields.OfQuery(context));
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        return await context.AnswerValueAsync(
            200,
            await read.HandleAsync(caller.Value, context.RequestAborted),
            static (json, defaults) =>
            {
                json.WriteStartObject();
                json.WriteString("posting:default:visibility", NameOf(defaults.Visibility));
                json.WriteBoolean("posting:default:sensitive", defaults.IsSensitive);
                json.WriteNull("posting:default:language");
                json.WriteString("posting:default:quote_policy", "nobody");
                json.WriteString("reading:expand:media", "default");
                json.WriteBoolean("reading:expand:spoilers", false);
                json.WriteBoolean("reading:autoplay:gifs", false);
                json.WriteEndObject();
            }
        );
    }
}
