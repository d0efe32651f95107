using System.Text.Json.Serialization;

namespace Rookery.Server.Commands.Running;

/// <summary>What a command asks of the data folder, wherever it is open.</summary>
[JsonDerivedType(typeof(ImportGraphRequest), "import-graph")]
[JsonDerivedType(typeof(ImportPostsRequest), "import-posts")]
[JsonDerivedType(typeof(VerifyRequest), "verify")]
[JsonDerivedType(typeof(CreateAccountRequest), "create-account")]
[JsonDerivedType(typeof(SetPasswordRequest), "set-password")]
[JsonDerivedType(typeof(DeleteAccountRequest), "delete-account")]
[JsonDerivedType(typeof(ListAccountsRequest), "list-accounts")]
[JsonDerivedType(typeof(SuspendAccountRequest), "suspend-account")]
[JsonDerivedType(typeof(LiftSuspensionRequest), "lift-suspension")]
[JsonDerivedType(typeof(GiveRoleRequest), "give-role")]
[JsonDerivedType(typeof(ListModeratorsRequest), "list-moderators")]
[JsonDerivedType(typeof(ListActsRequest), "list-acts")]
[JsonDerivedType(typeof(ListDeadLettersRequest), "list-dead-letters")]
[JsonDerivedType(typeof(ReplayDeadLettersRequest), "replay-dead-letters")]
[JsonDerivedType(typeof(DiscardDeadLettersRequest), "discard-dead-letters")]
internal abstract record CommandRequest;

/// <param name="File">A whole path: the process that reads it stands elsewhere.</param>
internal sealed record ImportGraphRequest(string File) : CommandRequest;

internal sealed record ImportPostsRequest(string File, string? Columns, string? Authors)
    : CommandRequest;

internal sealed record VerifyRequest(bool Repair) : CommandRequest;

internal sealed record CreateAccountRequest(string Username, string Email, string Password)
    : CommandRequest
{
    /// <summary>Never the password: records are printed into logs.</summary>
    public override string ToString() => $"account {Username}";
}

internal sealed record SetPasswordRequest(string Username, string Password) : CommandRequest
{
    /// <summary>Never the password: records are printed into logs.</summary>
    public override string ToString() => $"password of {Username}";
}

internal sealed record DeleteAccountRequest(string Username) : CommandRequest;

internal sealed record ListAccountsRequest(long After, int Count) : CommandRequest;

internal sealed record SuspendAccountRequest(string Username, string Reason) : CommandRequest;

internal sealed record LiftSuspensionRequest(string Username, string Reason) : CommandRequest;

internal sealed record GiveRoleRequest(string Username, string Role) : CommandRequest;

internal sealed record ListModeratorsRequest : CommandRequest;

/// <param name="Username">About whom; null: about anybody and anything.</param>
/// <param name="Below">Only what was done before the act with this id; 0: from the newest on.</param>
internal sealed record ListActsRequest(string? Username, long Below) : CommandRequest;

internal sealed record ListDeadLettersRequest : CommandRequest;

/// <summary>One, where consumer and sequence are named; else all.</summary>
/// <param name="Database">Only those in the database of accounts, graph or posts; of all, where none is named.</param>
internal sealed record ReplayDeadLettersRequest(string? Consumer, long? Sequence, string? Database)
    : CommandRequest;

/// <summary>One of the consumer's, where the sequence is named; else all of them.</summary>
/// <param name="Database">Only those in the database of accounts, graph or posts; of all, where none is named.</param>
internal sealed record DiscardDeadLettersRequest(string Consumer, long? Sequence, string? Database)
    : CommandRequest;

/// <summary>What the process that runs a command says to the one that asked: one of these, as JSON, a line.</summary>
internal sealed record CommandReply(
    string? Line = null,
    string? Error = null,
    double? Part = null,
    string? Text = null,
    int? Exit = null
);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(CommandRequest))]
[JsonSerializable(typeof(CommandReply))]
internal sealed partial class CommandJson : JsonSerializerContext;
