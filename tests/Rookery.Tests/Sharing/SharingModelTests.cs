using Rookery.Posts;
using Xunit;

namespace Rookery.Tests.Sharing;

/// <summary>
/// Random histories of some processes, one truth and one memcached that is emptied, cut off, brought back and written to by strangers. Reads stand still
/// at every place where they wait for somebody. What was acknowledged before a read began must show in it, whatever happened in between.
/// </summary>
public sealed class SharingModelTests
{
    private const int Histories = 400;

    [Fact]
    public async Task No_history_shows_what_was_acknowledged_as_gone()
    {
        var hits = 0;
        for (var seed = 1; seed <= Histories; seed++)
        {
            var history = new SharingHistory(seed);
            Assert.Null(await history.PlayAsync());
            hits += history.Hits;
        }

        // Otherwise it would have been truth that answered.
        Assert.InRange(hits, Histories, int.MaxValue);
    }

    [Fact]
    public Task A_process_that_does_not_hear_of_deletions_is_found() =>
        IsFoundAsync(history => history.Hears = happened => happened is not PostDeleted);

    [Fact]
    public Task A_process_that_does_not_hear_of_closed_authors_is_found() =>
        IsFoundAsync(history => history.Hears = happened => happened is not AuthorClosed);

    [Fact]
    public Task A_process_that_does_not_hear_of_numbers_is_found() =>
        IsFoundAsync(history => history.Hears = happened => happened is not PostsCounted);

    [Fact]
    public Task A_process_that_answers_without_its_lease_is_found() =>
        IsFoundAsync(history => history.MindsTheLease = false);

    [Fact]
    public Task A_process_that_claims_to_know_a_past_that_it_has_not_read_is_found() =>
        IsFoundAsync(history => history.ReadsThePast = false);

    private static async Task IsFoundAsync(Action<SharingHistory> broken)
    {
        for (var seed = 1; seed <= Histories; seed++)
        {
            var history = new SharingHistory(seed);
            broken(history);
            if (await history.PlayAsync() is not null)
            {
                return;
            }
        }

        Assert.Fail("No history showed anything.");
    }
}
