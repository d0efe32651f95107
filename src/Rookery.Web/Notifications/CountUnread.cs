using System.Globalization;
using Rookery.Api;
using Rookery.Notifications;

namespace Rookery.Web.Notifications;

/// <summary>How many notifications a member has not read, for the link to them that is on every page.</summary>
internal sealed class CountUnread(ReadNotifications read)
{
    /// <summary>Beyond it nobody needs to know how many.</summary>
    public const int Most = 99;

    /// <summary>As it stands on pages.</summary>
    public static string Shown(int count) =>
        count > Most ? $"{Most}+" : count.ToString(CultureInfo.InvariantCulture);

    /// <summary>At most one more than <see cref="Most"/>; 0 where it cannot be read: a page without the number is still a page.</summary>
    public async ValueTask<int> HandleAsync(AccountId member)
    {
        try
        {
            return await read.CountUnreadAsync(
                member,
                NotificationFilter.All,
                Most + 1,
                CancellationToken.None
            );
        }
        catch (StoreUnavailableException)
        {
            return 0;
        }
    }
}
