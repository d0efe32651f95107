using Microsoft.Extensions.DependencyInjection;
using Rookery.Delivery;
using Rookery.Mail;
using Rookery.Notifications.Push;

namespace Rookery.Notifications;

public static class NotificationsModule
{
    /// <summary>Needs the doors of accounts, their mailboxes, posts, mails and the graph, the stores of notifications, their mails, bells, readers and pushes, a sender of these, and a secret.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services
            .AddOptions<NotificationsOptions>()
            .BindConfiguration(NotificationsOptions.Section)
            .ValidateAnnotations(NotificationsOptions.Section)
            .ValidateOnStart();
        return services
            .AddSingleton<INotifications, NotificationsDoor>()
            .AddSingleton<FindNotified>()
            .AddSingleton<ListNotifications>()
            .AddSingleton<DismissNotifications>()
            .AddSingleton<RingBell>()
            .AddSingleton<KeepMarkers>()
            .AddSingleton<ChooseNotifications>()
            .AddSingleton<ChooseNotificationMails>()
            .AddSingleton<KeepHours>()
            .AddSingleton<IReaderHours>(parts => parts.GetRequiredService<KeepHours>())
            .AddSingleton<FindTold>()
            .AddSingleton<IMailWriter, WriteNotificationMails>()
            .AddSingleton<PlanNotificationMails>()
            .AddSingleton<IEventConsumer, NotifyOnEvents>()
            .AddSingleton<IEventConsumer, RingBells>()
            .AddPushes();
    }

    private static IServiceCollection AddPushes(this IServiceCollection services)
    {
        services
            .AddOptions<PushOptions>()
            .BindConfiguration(PushOptions.Section)
            .ValidateAnnotations(PushOptions.Section)
            .ValidateOnStart();
        return services
            .AddSingleton<VapidKeys>()
            .AddSingleton<SealTokens>()
            .AddSingleton<KeepSubscriptions>()
            .AddSingleton<ChoosePushes>()
            .AddSingleton<WritePush>()
            .AddSingleton<MakePush>()
            .AddSingleton<SendPush>()
            .AddSingleton<SendPushes>()
            .AddSingleton<IEventConsumer, EndSubscriptions>();
    }
}
