using System.Text.RegularExpressions;

namespace Rookery.Notifications;

/// <summary>When a reader wants to hear of something: for the reader, and for who sends.</summary>
internal sealed partial class KeepHours(IReaderStore store, INotificationMailStore mails)
    : IReaderHours
{
    public const string Zone = "zone";
    public const string QuietTo = "quiet_to";

    /// <summary>Whatever is held must have a time to come.</summary>
    private static readonly TimeSpan LeastLoud = TimeSpan.FromHours(1);

    public async ValueTask<ReaderHours> ReadAsync(AccountId reader, CancellationToken token) =>
        (await store.HoursAsync(new[] { reader }, token)).GetValueOrDefault(
            reader,
            ReaderHours.Unchosen
        );

    public async ValueTask<IReadOnlyDictionary<AccountId, QuietHours>> QuietHoursAsync(
        ReadOnlyMemory<AccountId> readers,
        CancellationToken token
    ) =>
        (await store.HoursAsync(readers, token))
            .Where(one => one.Value.Quiet != QuietHours.None)
            .ToDictionary(one => one.Key, one => one.Value.Quiet);

    /// <summary>What waits already waits for the new hours.</summary>
    public async Task<Result<Done>> HandleAsync(
        AccountId reader,
        ReaderHours hours,
        CancellationToken token
    )
    {
        if (!IsZone(hours.Zone))
        {
            return Problem.Invalid(
                Zone,
                "This is no time zone that the server knows; give one like Europe/Berlin."
            );
        }

        var quiet = hours.QuietTo - hours.QuietFrom;
        if (TimeSpan.FromDays(1) - quiet < LeastLoud)
        {
            return Problem.Invalid(
                QuietTo,
                "The quiet hours take the whole day; leave at least an hour in which something may come."
            );
        }

        await store.KeepHoursAsync(reader, hours, token);
        await mails.ReplanAsync(reader, token);
        return Done.Instance;
    }

    private static bool IsZone(string name) =>
        name.Length == 0
        || (ZoneName().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _));

    /// <summary>It becomes the name of a file, where the runtime looks for it.</summary>
    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+\-/]{0,63}\z")]
    private static partial Regex ZoneName();
}
