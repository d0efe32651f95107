using System.Buffers;
using Rookery.Accounts;
using Rookery.Media;

namespace Rookery.Sharing;

/// <summary>The card of an active account.</summary>
internal sealed class CardForm : SharedForm<AccountCard>
{
    private static readonly long LatestDate = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public override SharedKind Kind => SharedKind.Card;

    public override long IdOf(AccountCard value) => value.Id.Value;

    public override void Write(AccountCard value, ArrayBufferWriter<byte> into)
    {
        Write(value.CreatedAt.ToUnixTimeMilliseconds(), into);
        Write(value.Counts.Posts, into);
        Write(value.Counts.Followers, into);
        Write(value.Counts.Following, into);
        Write(value.IsIndexable ? 1 : 0, into);
        Write(value.Username, into);
        Write(value.DisplayName, into);
        Write(value.Bio, into);
        // Of nearly all cards nothing: their values are also those of versions that know no pictures and no locks.
        if (value.Avatar is not null || value.Header is not null || value.IsLocked)
        {
            Write(value.Avatar?.ToString() ?? "", into);
            Write(value.Header?.ToString() ?? "", into);
            if (value.IsLocked)
            {
                Write(1, into);
            }
        }
    }

    public override AccountCard? Read(long id, ReadOnlySpan<byte> bytes)
    {
        var from = new Reader(bytes);
        var created = from.Number();
        var counts = new AccountCounts(from.Number(), from.Number(), from.Number());
        var isIndexable = from.Number() != 0;
        var (username, displayName, bio) = (from.Text(), from.Text(), from.Text());
        var (avatar, header) = from.IsAtEnd ? ("", "") : (from.Text(), from.Text());
        var isLocked = !from.IsAtEnd && from.Number() != 0;
        return from.IsAtEnd && created >= 0 && created <= LatestDate
            ? new AccountCard(
                new AccountId(id),
                username,
                displayName,
                bio,
                DateTimeOffset.FromUnixTimeMilliseconds(created),
                counts,
                isIndexable,
                BlobName.ParseStored(avatar),
                BlobName.ParseStored(header),
                isLocked
            )
            : null;
    }

    public override bool ChangedSince(long asOf, AccountCard value, ChangesSeen changes) =>
        changes.ChangedSince(asOf, Changing.Card, value.Id.Value);
}
