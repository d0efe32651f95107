using System.Text.Json;
using Rookery.Accounts;

namespace Rookery.Api.Classic;

/// <summary>What several answers of the client API's own part have in common.</summary>
internal static class ClassicJson
{
    /// <summary>Who an account is, inside an object.</summary>
    public static void WriteWho(this Utf8JsonWriter json, AccountCard account)
    {
        json.WriteTextId("user_id", account.Id);
        json.WriteString("username", account.Username);
        json.WriteString("name", account.DisplayName);
    }
}
