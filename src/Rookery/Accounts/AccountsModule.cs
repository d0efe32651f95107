using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rookery.Delivery;
using Rookery.Mail;

namespace Rookery.Accounts;

public static class AccountsModule
{
    /// <summary>Needs a <see cref="TimeProvider"/>, the stores and the door of mails; what observes commits is registered as such.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services
            .AddOptions<AccountsOptions>()
            .BindConfiguration(AccountsOptions.Section)
            .ValidateAnnotations(AccountsOptions.Section)
            .ValidateOnStart();
        services.TryAddSingleton<AccountOrdinals>();
        return services.AddPasswords().AddDoor().AddUseCases();
    }

    private static IServiceCollection AddPasswords(this IServiceCollection services) =>
        services
            .AddSingleton<PasswordHasher>()
            .AddSingleton<PasswordWork>()
            .AddSingleton<PasswordCheck>()
            .AddSingleton(_ => CommonPasswords.Load())
            .AddSingleton<PasswordRules>()
            .AddSingleton<AccountLimits>();

    private static IServiceCollection AddDoor(this IServiceCollection services)
    {
        // Where the composition puts nothing before the store.
        services.TryAddSingleton<IAccountCards>(parts => parts.GetRequiredService<IAccountStore>());
        return services
            .AddSingleton<IProfilePictures>(parts => parts.GetRequiredService<IAccountStore>())
            .AddSingleton<Sessions>()
            .AddSingleton<AccountCards>()
            .AddSingleton<ICommitObserver>(parts => parts.GetRequiredService<Sessions>())
            .AddSingleton<ICommitObserver>(parts => parts.GetRequiredService<AccountCards>())
            .AddSingleton<IMailboxes, MailboxesDoor>()
            .AddSingleton<IAccounts, AccountsDoor>();
    }

    private static IServiceCollection AddUseCases(this IServiceCollection services) =>
        services
            .AddSingleton<SignUp>()
            .AddSingleton<CreateAccount>()
            .AddSingleton<LogIn>()
            .AddSingleton<LogOut>()
            .AddSingleton<LogOutEverywhere>()
            .AddSingleton<LogOutElsewhere>()
            .AddSingleton<ListSessions>()
            .AddSingleton<EndSession>()
            .AddSingleton<PruneSessions>()
            .AddSingleton<ChangePassword>()
            .AddSingleton<SetPassword>()
            .AddSingleton<EditProfile>()
            .AddSingleton<ReadPostingDefaults>()
            .AddSingleton<ChangePostingDefaults>()
            .AddSingleton<CountMembers>()
            .AddSingleton<DeleteAccount>()
            .AddSingleton<SuspendAccount>()
            .AddSingleton<LiftSuspension>()
            .AddSingleton<GiveRole>()
            .AddSingleton<ReadModeration>()
            .AddSingleton<RecordAct>()
            .AddSingleton<FindAccount>()
            .AddSingleton<ListAccounts>()
            .AddSingleton<RecountThings>()
            .AddSingleton<AskConfirmation>()
            .AddSingleton<ConfirmEmail>()
            .AddSingleton<ChangeEmail>()
            .AddSingleton<AskNewPassword>()
            .AddSingleton<ResetPassword>()
            .AddSingleton<ReadEmail>()
            .AddSingleton<ChooseMails>()
            .AddSingleton<IMailWriter, WriteAccountMails>()
            .AddSingleton<IEventConsumer, CountThings>();
}
