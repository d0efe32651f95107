using Rookery.TestKit;
using Rookery.Timelines;

namespace Rookery.Contract.Tests.Timelines;

/// <summary>
/// One history of pushed timelines: posts arrive in any order, more than once or after minutes; follows drop timelines late; rebuilds
/// overlap with all of it; everything vanishes now and then. Readers are shown pages as the product makes them: what the store says is complete,
/// and below it the truth.
/// </summary>
internal sealed class TimelineHistory(TimelineRig rig)
{
    public const string NoFalseClaim = "no-false-claim";
    public const string PartsAreInOrder = "parts-are-in-order";
    public const string PagesMissNothing = "pages-miss-nothing";
    public const string ChainIsTheSet = "chain-is-the-set";
    public const string RebuildHolds = "rebuild-holds";

    private const int PageSize = 7;

    private readonly TimelineTruth _truth = new(owners: 2);
    private readonly List<TimelineEntry> _undelivered = [];
    private readonly List<(AccountId Owner, int Follow)> _undropped = [];
    private readonly List<Rebuild> _rebuilds = [];

    private static CancellationToken Token => Xunit.TestContext.Current.CancellationToken;

    /// <summary>Parts that claimed something: a history without any has shown nothing.</summary>
    public int Claims { get; private set; }

    public async Task PlayAsync(IEnumerable<TimelineStep> steps)
    {
        for (var i = 0; i < 2 * TimelineRig.Length; i++)
        {
            _truth.Delivered(_truth.Post(One(_truth.Authors, i), rig.Now));
        }

        foreach (var step in steps)
        {
            await StepAsync(step.Act, step.Which);
        }

        await SettleAsync();
    }

    private async Task StepAsync(TimelineAct act, int which)
    {
        var owner = One(_truth.Owners, which);
        var author = One(_truth.Authors, which / 2);
        switch (act)
        {
            case TimelineAct.Post:
                _undelivered.Add(_truth.Post(author, rig.Now));
                break;
            case TimelineAct.Push when _undelivered.Count > 0:
                await PushAsync(Take(_undelivered, which));
                break;
            case TimelineAct.PushAgain:
                await PushAsync(One(_truth.Posts, which));
                break;
            case TimelineAct.Follow when _truth.Follow(owner, author) is var follow and not 0:
                _undropped.Add((owner, follow));
                break;
            case TimelineAct.Unfollow:
                _truth.Following[owner].Remove(author);
                break;
            case TimelineAct.Drop when _undropped.Count > 0:
                await DropAsync(Take(_undropped, which));
                break;
            case TimelineAct.Pass:
                await rig.PassAsync(TimeSpan.FromSeconds(which % 90));
                break;
            case TimelineAct.Lose:
                await rig.LoseAsync(_truth.Owners);
                break;
            case TimelineAct.ReadPart:
                await ReadPartAsync(owner, 1 + which % (TimelineRig.Length + 2));
                break;
            case TimelineAct.ReadPages:
                await ReadPagesAsync(owner, settled: false);
                break;
            default:
                await RebuildAsync(act, owner, which);
                break;
        }
    }

    private async Task RebuildAsync(TimelineAct act, AccountId owner, int which)
    {
        switch (act)
        {
            case TimelineAct.Begin:
                if (await rig.Store.BeginRebuildAsync(owner, Token) is { } begun)
                {
                    _rebuilds.Add(new Rebuild(owner, begun));
                }

                break;
            case TimelineAct.ReadTruth when _rebuilds.Count > 0:
                var reading = One(_rebuilds, which);
                reading.Rows ??=
                [
                    .. _truth
                        .TimelineOf(reading.Owner, PostId.Newest)
                        .Take(reading.Room = 1 + which % TimelineRig.Length),
                ];
                break;
            case TimelineAct.Finish when _rebuilds.Exists(rebuild => rebuild.Rows is not null):
                var ready = One(_rebuilds.FindAll(rebuild => rebuild.Rows is not null), which);
                _rebuilds.Remove(ready);
                await FinishAsync(ready);
                break;
            case TimelineAct.Die when _rebuilds.Count > 0:
                Take(_rebuilds, which);
                break;
        }
    }

    private ValueTask<bool> FinishAsync(Rebuild rebuild)
    {
        var rows = rebuild.Rows!;
        var floor = rows.Count < rebuild.Room ? 0 : rows[^1].Post.Value - 1;
        return rig.Store.FinishRebuildAsync(
            rebuild.Owner,
            rebuild.Token,
            rows,
            new PostId(floor),
            Token
        );
    }

    private async Task PushAsync(TimelineEntry entry)
    {
        var owners = _truth.FollowersOf(entry.Author);
        await rig.Store.PushAsync(owners, entry, Token);
        _truth.Delivered(entry);
    }

    private async Task DropAsync((AccountId Owner, int Follow) drop)
    {
        await rig.Store.DropAsync(new[] { drop.Owner }, Token);
        _truth.Dropped(drop.Owner, drop.Follow);
    }

    /// <summary>Everything arrives; then the pages are the set, before and after a rebuild that nobody disturbs.</summary>
    private async Task SettleAsync()
    {
        foreach (var entry in _undelivered)
        {
            await PushAsync(entry);
        }

        foreach (var drop in _undropped)
        {
            await DropAsync(drop);
        }

        foreach (var owner in _truth.Owners)
        {
            await ReadPagesAsync(owner, settled: true);
        }

        // Rebuilders that died are forgotten by now.
        await rig.PassAsync(TimeSpan.FromMinutes(1));
        foreach (var owner in _truth.Owners)
        {
            await RebuildUndisturbedAsync(owner);
            await ReadPagesAsync(owner, settled: true);
        }
    }

    private async Task RebuildUndisturbedAsync(AccountId owner)
    {
        if (await rig.Store.BeginRebuildAsync(owner, Token) is { } begun)
        {
            var rows = _truth.TimelineOf(owner, PostId.Newest).Take(TimelineRig.Length);
            Promise.Keep(
                await FinishAsync(new Rebuild(owner, begun) { Rows = [.. rows] }),
                RebuildHolds,
                () => "A rebuild that nothing disturbed did not finish."
            );
        }

        var part = await ReadPartAsync(owner, TimelineRig.Length);
        Promise.Keep(
            part.CompleteAbove is not null,
            RebuildHolds,
            () =>
                "Nothing of a timeline that was rebuilt, or could not be because it stood, is complete."
        );
    }

    private async Task<TimelinePart> ReadPartAsync(AccountId owner, int newest)
    {
        var part = await rig.Store.ReadAsync(owner, newest, Token);
        var ids = part.Entries.Select(entry => entry.Post).ToList();
        Promise.Keep(
            ids.Zip(ids.Skip(1)).All(pair => pair.First > pair.Second) && ids.Count <= newest,
            PartsAreInOrder,
            () => $"Of {newest} asked for: {string.Join(", ", ids)}"
        );
        Promise.Keep(
            part.Entries.All(_truth.Posts.Contains),
            PartsAreInOrder,
            () => "An entry that was never posted."
        );
        if (part.CompleteAbove is { } floor)
        {
            Claims++;
            var missing = _truth.ArrivedFor(owner).Where(id => id > floor).Except(ids).ToList();
            Promise.Keep(
                missing.Count == 0,
                NoFalseClaim,
                () =>
                    $"Complete above {floor}, asked for {newest}, but without {string.Join(", ", missing)}."
            );
        }

        return part;
    }

    private async Task ReadPagesAsync(AccountId owner, bool settled)
    {
        var chain = new List<PostId>();
        var below = PostId.Newest;
        while (await PageAsync(owner, below) is { Count: > 0 } page)
        {
            chain.AddRange(page);
            below = page[^1];
        }

        Promise.Keep(
            chain.Zip(chain.Skip(1)).All(pair => pair.First > pair.Second),
            PartsAreInOrder,
            () => string.Join(", ", chain)
        );
        var missing = _truth.ArrivedFor(owner).Except(chain).ToList();
        Promise.Keep(missing.Count == 0, PagesMissNothing, () => string.Join(", ", missing));
        if (settled)
        {
            var all = _truth.TimelineOf(owner, PostId.Newest).Select(entry => entry.Post).ToList();
            Promise.Same(all, chain, ChainIsTheSet, () => $"{owner}, everything has arrived:");
        }
    }

    private async Task<List<PostId>> PageAsync(AccountId owner, PostId below)
    {
        var part = await ReadPartAsync(owner, TimelineRig.Length);
        var floor = part.CompleteAbove ?? below;
        var page = part
            .Entries.Where(entry =>
                entry.Post > floor && entry.Post < below && _truth.Follows(owner, entry.Author)
            )
            .Select(entry => entry.Post)
            .Take(PageSize)
            .ToList();
        var from = floor < below ? new PostId(floor.Value + 1) : below;
        page.AddRange(
            _truth.TimelineOf(owner, from).Select(entry => entry.Post).Take(PageSize - page.Count)
        );
        return page;
    }

    private static T One<T>(IReadOnlyList<T> all, int which) => all[which % all.Count];

    private static T Take<T>(List<T> all, int which)
    {
        var one = One(all, which);
        all.Remove(one);
        return one;
    }

    private sealed record Rebuild(AccountId Owner, RebuildToken Token)
    {
        public IReadOnlyList<TimelineEntry>? Rows { get; set; }

        /// <summary>How many rows were asked for: fewer are all that there are.</summary>
        public int Room { get; set; } = TimelineRig.Length;
    }
}
