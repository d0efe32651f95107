using Microsoft.Extensions.DependencyInjection;
using Rookery.Delivery;

namespace Rookery.Notifications;

public static class NotificationsModule
{
    /// <summary>Needs the doors of accounts, posts and the graph, and the stores of notifications, bells and readers.</summary>
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
            .AddSingleton<IEventConsumer, NotifyOnEvents>()
            .AddSingleton<IEventConsumer, RingBells>();
    }
}
