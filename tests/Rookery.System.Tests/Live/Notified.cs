using Microsoft.Extensions.DependencyInjection;
using Rookery.Notifications;
using Rookery.TestKit;

namespace Rookery.SystemTests.Live;

/// <summary>What a stream said of notifications.</summary>
internal static class Notified
{
    /// <summary>The notification that it is about.</summary>
    public static string IdOf(SentEvent sent) => sent.Json.GetProperty("id").GetString()!;

    /// <summary>Its type and who did it.</summary>
    public static string Of(SentEvent sent)
    {
        if (MastodonShape.WrongWith(sent.Json, "Notification") is { Count: > 0 } wrong)
        {
            throw new InvalidOperationException(string.Join('\n', wrong));
        }

        var by = sent.Json.GetProperty("account").GetProperty("username").GetString();
        return $"{sent.Json.GetProperty("type").GetString()} {by}";
    }

    public static Task SwitchOffAsync(
        World world,
        ClassicClient person,
        NotificationKind kind,
        CancellationToken stop
    ) =>
        world
            .Server.Services.GetRequiredService<ChooseNotifications>()
            .HandleAsync(
                person.Id,
                NotificationChannel.App,
                Enum.GetValues<NotificationKind>().Where(one => one != kind).ToHashSet(),
                stop
            );
}
