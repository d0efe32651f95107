using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Rookery.Mail;

public static class MailModule
{
    /// <summary>Needs the queue's store, a sender, and the writers of all kinds.</summary>
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services
            .AddOptions<MailOptions>()
            .BindConfiguration(MailOptions.Section)
            .ValidateAnnotations(MailOptions.Section)
            .ValidateOnStart();
        return services
            .AddSingleton(parts => new MailSite(
                parts.GetRequiredService<IOptions<MailOptions>>(),
                parts.GetService<IServer>()
            ))
            .AddSingleton<IMails, MailsDoor>()
            .AddSingleton<Unsubscribe>()
            .AddSingleton<SendMail>()
            .AddSingleton<SendMails>();
    }
}
