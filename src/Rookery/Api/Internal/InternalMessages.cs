using System.Text.Json.Serialization;
using Rookery.Accounts;
using Rookery.Search;

namespace Rookery.Api.Internal;

/// <summary>Which accounts are asked about.</summary>
internal sealed record IdsQuestion(IReadOnlyList<AccountId> Ids)
{
    /// <summary>Of one question. Who has more asks several.</summary>
    public const int Most = 1_000;
}

internal sealed record NamesQuestion(IReadOnlyList<string> Names);

/// <summary>Null: from the first on.</summary>
internal sealed record AboveQuestion(AccountId? SinceId);

internal sealed record TokenQuestion(string Token);

/// <param name="Session">What the session is kept under, as its hash writes itself.</param>
internal sealed record SessionQuestion(string Session);

internal sealed record AccountQuestion(AccountId UserId);

/// <summary>Of what is said of one account the largest version counts.</summary>
internal sealed record StandingQuestion(AccountId UserId, bool IsSuspended, long Version);

internal sealed record CardsAnswer(IReadOnlyList<AccountCard> Accounts);

/// <param name="ClosesElsewhere">Posts is told of a deletion before that is answered; from a version that does not say, false.</param>
/// <param name="Locked">Those that are asked before they are followed; from a version that knows of none, null.</param>
internal sealed record UnknownAnswer(
    IReadOnlyList<AccountId> Ids,
    bool ClosesElsewhere,
    IReadOnlyList<AccountId>? Locked = null
);

internal sealed record NamesAnswer(IReadOnlyDictionary<string, AccountId> Accounts);

/// <summary>Null: it is nobody's token.</summary>
internal sealed record TokenAnswer(AccountId? UserId);

internal sealed record SessionAnswer(bool IsOpen);

internal sealed record DoneAnswer;

/// <summary>What roles say to each other: the product on both sides, of versions that may differ by one. Fields are only ever added.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(Kernel.AccountIdJson), typeof(Kernel.PostIdJson)]
)]
[JsonSerializable(typeof(IdsQuestion))]
[JsonSerializable(typeof(NamesQuestion))]
[JsonSerializable(typeof(AboveQuestion))]
[JsonSerializable(typeof(TokenQuestion))]
[JsonSerializable(typeof(SessionQuestion))]
[JsonSerializable(typeof(SessionAnswer))]
[JsonSerializable(typeof(AccountQuestion))]
[JsonSerializable(typeof(StandingQuestion))]
[JsonSerializable(typeof(CardsAnswer))]
[JsonSerializable(typeof(UnknownAnswer))]
[JsonSerializable(typeof(NamesAnswer))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(DoneAnswer))]
[JsonSerializable(typeof(ShardQuestion))]
[JsonSerializable(typeof(ShardAnswer))]
[JsonSerializable(typeof(HashtagsQuestion))]
[JsonSerializable(typeof(HashtagsAnswer))]
[JsonSerializable(typeof(WordsQuestion))]
[JsonSerializable(typeof(WordsAnswer))]
internal sealed partial class InternalJson : JsonSerializerContext;
