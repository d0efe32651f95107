using Microsoft.Extensions.DependencyInjection;
using Rookery.Delivery;
using Rookery.Mail;

namespace Rookery.Notifications;

public static class NotificationsModule
{
    /// <summary>Needs the doors of accounts, their mailboxes, posts, the graph and mails, and the stores of notifications, their mails, bells and readers.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services
            .AddOptions<NotificationsOptions>()
            .BindConfiguration(NotificationsOptions.Section)
            .ValidateAnnotations(NotificationsOptions.Section)
            .ValidateOnStart();
        return services
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
            .AddSingleton<IEventConsumer, RingBells>();
    }
}
