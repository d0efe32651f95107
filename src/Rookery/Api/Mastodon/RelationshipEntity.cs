using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rookery.Graph;
using Rookery.Notifications;

namespace Rookery.Api.Mastodon;

/// <summary>Writes what stands between the caller and another account as Mastodon's <c>Relationship</c>.</summary>
internal static class RelationshipEntity
{
    public const string Example =
        """{"id":"456","following":true,"showing_reblogs":true,"notifying":false,"languages":null,"followed_by":false,"blocking":false,"blocked_by":false,"muting":false,"muting_notifications":false,"requested":false,"requested_by":false,"domain_blocking":false,"endorsed":false,"note":""}""";

    /// <summary>The fields. Whoever is followed is followed with reposts and in all languages.</summary>
    /// <param name="rung">Of whose posts the caller is told, or will be.</param>
    public static void Write(
        Utf8JsonWriter json,
        Relationship relation,
        IReadOnlySet<AccountId> rung
    )
    {
        json.WriteTextId("id", relation.Account);
        json.WriteBoolean("following", relation.Following);
        json.WriteBoolean("showing_reblogs", relation.Following);
        json.WriteBoolean("notifying", rung.Contains(relation.Account));
        json.WriteNull("languages");
        json.WriteBoolean("followed_by", relation.FollowedBy);
        json.WriteBoolean("blocking", relation.Blocking);
        json.WriteBoolean("blocked_by", relation.BlockedBy);
        json.WriteBoolean("muting", relation.Muting);
        json.WriteBoolean("muting_notifications", relation.Muting);
        json.WriteBoolean("requested", relation.Requested);
        json.WriteBoolean("requested_by", relation.RequestedBy);
        json.WriteBoolean("domain_blocking", false);
        json.WriteBoolean("endorsed", false);
        json.WriteString("note", "");
    }
}

/// <summary>Answers what changed something between two accounts with what stands between them then.</summary>
internal sealed class AnswerRelationship(IGraph graph, RingBell bell)
{
    /// <param name="field">What the route calls the other account, whatever the act calls it.</param>
    public async Task<Problem?> HandleAsync(
        HttpContext context,
        AccountId caller,
        AccountId other,
        Result<Done> done,
        string field
    )
    {
        if (!done.Succeeded)
        {
            return done.Problem with { Field = field };
        }

        var token = context.RequestAborted;
        var relations = await graph.RelationshipsAsync(caller, new[] { other }, token);
        var rung = await bell.RungAsync(caller, relations, token);
        return await context.AnswerValueAsync(
            200,
            relations[0],
            (json, relation) =>
            {
                json.WriteStartObject();
                RelationshipEntity.Write(json, relation, rung);
                json.WriteEndObject();
            }
        );
    }
}
