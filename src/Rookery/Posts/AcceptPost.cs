using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Rookery.Accounts;

namespace Rookery.Posts;

/// <summary>What a client sent. <paramref name="TextField"/> is what its API calls the text, for messages.</summary>
/// <param name="Visibility">Null: public, and a reply for no more people than what it answers.</param>
internal sealed record PostRequest(
    AccountId Author,
    string? Text,
    string TextField,
    Visibility? Visibility = null,
    PostId? InReplyTo = null,
    string? IdempotencyKey = null
)
{
    /// <summary>Uploads that stand on it, in this order.</summary>
    public IReadOnlyList<MediaId> Media { get; init; } = [];

    /// <summary>What is shown in place of it at first.</summary>
    public string? Warning { get; init; }

    /// <summary>Null: if there is a warning.</summary>
    public bool? IsSensitive { get; init; }
}

/// <summary>
/// Accepts a post or a reply: checks it, finds whom it mentions, holds its media, stores it with its event, and answers. Delivery goes on behind the answer.
/// </summary>
internal sealed class AcceptPost(
    IPostStore store,
    IAccounts accounts,
    VisiblePosts visible,
    HoldMedia hold,
    IOptions<PostsOptions> options
)
{
    /// <summary>Bounded because keys are kept a day; a UUID has 36 characters.</summary>
    public const int MaxKeyLength = 255;

    public async Task<Result<AcceptedPost>> HandleAsync(
        PostRequest request,
        CancellationToken token
    )
    {
        var key = KeyOf(request);
        if (!key.Succeeded)
        {
            return key.Problem;
        }

        var post = await CheckAsync(request, key.Value, token);
        return post.Succeeded
            ? await store.AcceptAsync(post.Value, token)
            : await RefuseAsync(request.Author, key.Value, post.Problem, token);
    }

    /// <summary>
    /// What would be refused now may have been right when it was sent first: a repeat gets that answer, whatever became of the rules, of the
    /// parent, and of who may see it.
    /// </summary>
    private async Task<Result<AcceptedPost>> RefuseAsync(
        AccountId author,
        IdempotencyKey? key,
        Problem problem,
        CancellationToken token
    ) =>
        key is not null && await store.FindAnswerAsync(author, key, token) is { } first
            ? first
            : problem;

    private async ValueTask<Result<NewPost>> CheckAsync(
        PostRequest request,
        IdempotencyKey? key,
        CancellationToken token
    )
    {
        var words = PostWords.Create(request, options.Value.MaxLength);
        if (!words.Succeeded)
        {
            return words.Problem;
        }

        var parent = await ParentAsync(request, token);
        if (!parent.Succeeded)
        {
            return parent.Problem;
        }

        var text = words.Value.Text;
        var mentions = await MentionsAsync(request, text, token);
        if (!mentions.Succeeded)
        {
            return mentions.Problem;
        }

        // Last: what is refused for something else holds nothing.
        var media = await hold.HandleAsync(request.Author, request.Media, token);
        if (!media.Succeeded)
        {
            return media.Problem;
        }

        return new NewPost(
            request.Author,
            parent.Value.Id.Value == 0 ? PostKind.Post : PostKind.Reply,
            request.Visibility ?? parent.Value.Visibility,
            text.Text,
            parent.Value.Id,
            default,
            mentions.Value,
            text.Hashtags,
            key
        )
        {
            Media = media.Value.Media,
            HeldUntil = media.Value.Until,
            Warning = words.Value.Warning,
            IsSensitive = words.Value.IsSensitive,
        };
    }

    /// <summary>The key with a hash of what was sent, before any rule has looked at it: rules may change, the request does not.</summary>
    private static Result<IdempotencyKey?> KeyOf(PostRequest request)
    {
        if (request.IdempotencyKey is not { Length: > 0 } key)
        {
            return (IdempotencyKey?)null;
        }

        if (key.Length > MaxKeyLength)
        {
            return Problem.Invalid(
                "Idempotency-Key",
                $"An Idempotency-Key has at most {MaxKeyLength} characters; this one has {key.Length}."
            );
        }

        var media = request.Media.Count > 0 ? $",{string.Join(',', request.Media)}" : "";
        var hash = SHA256.HashData(
            Encoding.UTF8.GetBytes(
                $"{(int?)request.Visibility}\n{request.InReplyTo}{media}{Hidden(request)}\n{request.Text}"
            )
        );
        return new IdempotencyKey(key, hash);
    }

    /// <summary>Nothing for most: what was sent before there were warnings keeps its hash.</summary>
    private static string Hidden(PostRequest request) =>
        request is { Warning: null or "", IsSensitive: null }
            ? ""
            : $"!{request.IsSensitive}{request.Warning?.Length}:{request.Warning}";

    private async ValueTask<Result<Answered>> ParentAsync(
        PostRequest request,
        CancellationToken token
    )
    {
        if (request.InReplyTo is not { } id)
        {
            return new Answered(default, Visibility.Public);
        }

        var parent = await visible.FindAsync(id, request.Author, "in_reply_to", token);
        return parent.Succeeded
            ? new Answered(parent.Value.Id, parent.Value.Visibility)
            : parent.Problem;
    }

    private async ValueTask<Result<IReadOnlyList<AccountId>>> MentionsAsync(
        PostRequest request,
        PostText text,
        CancellationToken token
    )
    {
        if (text.Mentions.Count == 0)
        {
            return Array.Empty<AccountId>();
        }

        if (text.Mentions.Count > options.Value.MaxMentions)
        {
            return Problem.Invalid(
                request.TextField,
                $"A post mentions at most {options.Value.MaxMentions} accounts; this one mentions {text.Mentions.Count}."
            );
        }

        var known = await accounts.ResolveAsync(text.Mentions, token);
        return known.Values.Where(id => id != request.Author).Distinct().ToArray();
    }

    /// <summary>What is replied to; 0 where nothing is.</summary>
    private sealed record Answered(PostId Id, Visibility Visibility);
}
