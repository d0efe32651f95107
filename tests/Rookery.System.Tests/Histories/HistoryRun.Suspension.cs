using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.TestKit;

namespace Rookery.SystemTests.Histories;

// Suspensions, and what those who are suspended are told.
internal sealed partial class HistoryRun
{
    private static readonly Decision Decided = new(null, "as the history has it");

    private async Task SuspendAsync(ClassicClient who)
    {
        if (_people.Count <= 2)
        {
            return;
        }

        var suspend = _world.Server.Services.GetRequiredService<SuspendAccount>();
        var done = await suspend.HandleAsync(who.Id, Decided, _stop);
        Promise.Keep(
            done is { Succeeded: true, Value.IsNew: true },
            Promise.TheAnswerIsRight,
            () => $"{who.Username} is suspended: {done.Problem}"
        );
        _people.Remove(who);
        _suspended.Add(who);
        _oracle.Suspend(who.Id);
        await _checks.HomesNowAsync(_people);
        await IsRefusedAsync(who);
    }

    private async Task LiftAsync(int which)
    {
        if (_suspended.Count == 0)
        {
            return;
        }

        var who = _suspended[which % _suspended.Count];
        await IsRefusedAsync(who);
        var lift = _world.Server.Services.GetRequiredService<LiftSuspension>();
        var done = await lift.HandleAsync(who.Id, Decided, _stop);
        Promise.Keep(
            done is { Succeeded: true, Value.IsNew: true },
            Promise.TheAnswerIsRight,
            () => $"the suspension of {who.Username} is lifted: {done.Problem}"
        );
        _suspended.Remove(who);
        // Lifting takes nothing away: elsewhere it is known a moment later.
        await _world.Server.HearAsync(_stop);
        var (answer, again) = await who.LogInAsync(_world.Server.Http, _stop);
        answer.Require(200);
        _people.Add(again!);
        _oracle.Restore(who.Id);
        await _checks.HomesNowAsync(_people);
    }

    /// <summary>Its token is nobody's, and who knows the password is told why.</summary>
    private async Task IsRefusedAsync(ClassicClient who)
    {
        var (logIn, _) = await who.LogInAsync(_world.Server.Http, _stop);
        var post = await who.At(_world.Server.Http).PostAsync("not to be seen", _stop);
        Promise.Keep(
            logIn.Status == 403 && post.Status == 401,
            Promise.TheAnswerIsRight,
            () => $"{who.Username} is suspended, and was answered {logIn} and {post}"
        );
    }
}
