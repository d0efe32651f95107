using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Adapters.Sql;
using Rookery.Media;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Media;

/// <summary>
/// A post is stored in two steps, and who removes uploads goes on beside it: whatever falls between which of their steps, no post is ever without its file,
/// and no file stays that is on no post.
/// </summary>
public sealed class PostedMediaTests : IDisposable
{
    /// <summary>More than a sweep calls.</summary>
    private const int Calls = 8;

    private const int Never = int.MaxValue;

    private static readonly AccountId _owner = new(7 << 12);

    private readonly RunningTime _time = new();
    private readonly BlobsInMemory _blobs = new();
    private readonly SqliteFile _database;
    private readonly SqlMediaStore _media;
    private readonly SqlPostStore _posts;
    private readonly HoldMedia _hold;

    /// <summary>What happens before each call of a store by who removes, and how many there have been.</summary>
    private Func<int, Task> _before = _ => Task.CompletedTask;
    private int _calls;

    public PostedMediaTests()
    {
        _database = new SqliteFile(_time);
        _media = new SqlMediaStore(_database.Database);
        _posts = new SqlPostStore(_database.Database);
        _hold = new HoldMedia(_media, Options.Create(new PostsOptions()), _time);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_happens_between_whose_steps_a_file_is_there_where_its_post_is()
    {
        var outcomes = new HashSet<(bool Stored, bool Swept)>();
        for (var held = 0; held <= Calls; held++)
        {
            for (var stored = held; stored <= Calls; stored++)
            {
                outcomes.Add(await PlayAsync(held, stored, Never));
                // Between the two steps, longer than a hold lasts.
                for (var passed = held; passed <= stored; passed++)
                {
                    outcomes.Add(await PlayAsync(held, stored, passed));
                }
            }
        }

        Assert.Equal(
            new HashSet<(bool, bool)> { (true, false), (false, true), (false, false) },
            outcomes
        );
    }

    [Fact]
    public async Task A_process_that_ends_between_hold_and_post_leaves_nothing_for_good()
    {
        var medium = await UploadAsync();
        _time.Pass(TimeSpan.FromHours(25));
        await _hold.HandleAsync(_owner, [medium.Id], Stop);
        Assert.Equal(0, await SweepAsync());
        Assert.True(IsThere(medium));
        _time.Pass(HoldMedia.Duration);
        _time.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await SweepAsync());
        Assert.False(IsThere(medium));
    }

    [Fact]
    public async Task What_is_on_a_post_is_asked_about_once()
    {
        var medium = await UploadAsync();
        Assert.True(await PostAsync(medium));
        _time.Pass(TimeSpan.FromHours(25));
        Assert.Equal(0, await SweepAsync());
        var calls = _calls;
        Assert.Equal(0, await SweepAsync());
        // What lapsed, what was given up: there is nothing.
        Assert.Equal(calls + 2, _calls);
        Assert.True(IsThere(medium));
    }

    [Fact]
    public async Task What_stood_on_a_post_goes_with_it_however_often_that_is_told()
    {
        var (medium, other) = (await UploadAsync(), await UploadAsync());
        Assert.True(await PostAsync(medium));
        Assert.True(await PostAsync(other));
        _time.Pass(TimeSpan.FromHours(25));
        await SweepAsync();
        var remove = new RemoveMediaOfDeleted(_media, Remove());
        var left = new Committed(1, new PostMediaLeft(new PostId(1), [medium.Id]));
        await remove.HandleAsync([left, left], Stop);
        await remove.HandleAsync([left], Stop);
        Assert.False(IsThere(medium));
        Assert.Null(await _media.FindAsync(medium.Id, _owner, Stop));
        Assert.True(IsThere(other));
    }

    [Fact]
    public async Task What_nobody_was_told_of_is_found_by_who_sweeps()
    {
        var medium = await UploadAsync();
        var post = await AcceptAsync(await HoldAsync(medium));
        await _posts.DeleteAsync(post.Value.Post.Id, _owner, Stop);
        _time.Pass(TimeSpan.FromHours(25));
        Assert.Equal(1, await SweepAsync());
        Assert.False(IsThere(medium));
    }

    [Fact]
    public async Task Its_owner_removes_and_changes_it_until_it_is_held()
    {
        var (free, held, posted) = (await UploadAsync(), await UploadAsync(), await UploadAsync());
        await HoldAsync(held);
        Assert.True(await PostAsync(posted));
        var describe = new DescribeMedia(_media, Free(), Options.Create(new MediaOptions()));
        var text = new MediaText("Two rooks", null, null);
        Assert.True((await describe.HandleAsync(free.Id, _owner, text, Stop)).Succeeded);
        foreach (var medium in (Medium[])[held, posted])
        {
            var refused = await describe.HandleAsync(medium.Id, _owner, text, Stop);
            Assert.Contains("stays as it is", refused.Problem?.Detail, StringComparison.Ordinal);
            var kept = await Remove().HandleAsync(medium.Id, _owner, Stop);
            Assert.Equal(ProblemKind.Invalid, kept.Problem?.Kind);
            Assert.True(IsThere(medium));
        }

        _time.Pass(HoldMedia.Duration);
        _time.Pass(TimeSpan.FromSeconds(1));
        Assert.True((await describe.HandleAsync(held.Id, _owner, text, Stop)).Succeeded);
        Assert.False((await describe.HandleAsync(posted.Id, _owner, text, Stop)).Succeeded);
        Assert.True((await Remove().HandleAsync(held.Id, _owner, Stop)).Succeeded);
        Assert.True((await Remove().HandleAsync(free.Id, _owner, Stop)).Succeeded);
        Assert.False((await Remove().HandleAsync(posted.Id, _owner, Stop)).Succeeded);
        Assert.False(IsThere(held));
        Assert.True(IsThere(posted));
        Assert.Equal("", (await _media.FindAsync(posted.Id, _owner, Stop))!.Description);
    }

    public void Dispose() => _database.Dispose();

    /// <summary>A sweep with the two steps of a post, and a long time, before these of its calls; later ones come behind it.</summary>
    private async Task<(bool Stored, bool Swept)> PlayAsync(int held, int stored, int passed)
    {
        var medium = await UploadAsync();
        _time.Pass(TimeSpan.FromHours(25));
        HeldMedia? media = null;
        var isStored = false;
        _calls = 0;
        _before = async call =>
        {
            if (call == held)
            {
                media = (await _hold.HandleAsync(_owner, [medium.Id], Stop))
                    is { Succeeded: true, Value: var one }
                    ? one
                    : null;
            }

            if (call == passed)
            {
                _time.Pass(HoldMedia.Duration + TimeSpan.FromSeconds(1));
            }

            if (call == stored && media is not null)
            {
                isStored = (await AcceptAsync(media)).Succeeded;
            }
        };
        var swept = await SweepAsync();
        while (_calls <= Calls)
        {
            await _before(_calls++);
        }

        _before = _ => Task.CompletedTask;
        var where = $"held {held}, stored {stored}, passed {passed}";
        Assert.True(swept == 0 || !isStored, where);
        Assert.True(!isStored || IsThere(medium), where);
        _time.Pass(TimeSpan.FromHours(1));
        await SweepAsync();
        Assert.True(isStored == IsThere(medium), where);
        Assert.True(
            isStored == (await _media.FindAsync(medium.Id, _owner, Stop) is not null),
            where
        );
        return (isStored, swept > 0);
    }

    private async Task<bool> PostAsync(Medium medium) =>
        (await AcceptAsync(await HoldAsync(medium))).Succeeded;

    private async Task<HeldMedia> HoldAsync(Medium medium) =>
        (await _hold.HandleAsync(_owner, [medium.Id], Stop)).Value;

    private Task<Result<AcceptedPost>> AcceptAsync(HeldMedia media) =>
        _posts.AcceptAsync(
            new NewPost(
                _owner,
                PostKind.Post,
                Visibility.Public,
                "",
                default,
                default,
                [],
                [],
                null
            )
            {
                Media = media.Media,
                HeldUntil = media.Until,
            },
            Stop
        );

    private async Task<Medium> UploadAsync()
    {
        var blob = BlobName.Draw(MediaKind.Png);
        var reserved = await _media.ReserveAsync(
            new NewMedium(_owner, blob, 1, 1, 1, "", default, ""),
            new MediaQuota(long.MaxValue, int.MaxValue),
            Stop
        );
        _blobs.Names.Add(blob);
        await _media.KeepAsync(reserved.Value, Stop);
        return (await _media.FindAsync(reserved.Value, _owner, Stop))!;
    }

    private bool IsThere(Medium medium) => _blobs.Names.Contains(medium.Blob);

    private async Task<int> SweepAsync()
    {
        using var sweep = new SweepMedia(
            Watched<IMediaStore>(_media),
            Free(),
            Remove(),
            Options.Create(new MediaOptions()),
            _time,
            NullLogger<SweepMedia>.Instance
        );
        return await sweep.HandleAsync(Stop);
    }

    private FreeMedia Free() =>
        new(
            Watched<IMediaStore>(_media),
            Watched<IPosts>(_posts),
            new SqlAccountStore(_database.Database)
        );

    private RemoveMedia Remove() =>
        new(
            Watched<IMediaStore>(_media),
            Watched<IBlobStore>(_blobs),
            Free(),
            NullLogger<RemoveMedia>.Instance
        );

    private TPort Watched<TPort>(TPort port)
        where TPort : class => BeforeEachCall.Of(port, () => _before(_calls++));

    /// <summary>The names of files alone.</summary>
    private sealed class BlobsInMemory : IBlobStore
    {
        public HashSet<BlobName> Names { get; } = [];

        public Task DeleteAsync(BlobName name, CancellationToken token)
        {
            Names.Remove(name);
            return Task.CompletedTask;
        }

        public Task PutAsync(
            BlobName name,
            Stream content,
            long length,
            string contentType,
            CancellationToken token
        ) => throw new NotSupportedException();

        public Task<BlobPart?> OpenAsync(
            BlobName name,
            BlobRange? range,
            CancellationToken token
        ) => throw new NotSupportedException();

        public ValueTask<Uri?> AddressOfAsync(
            BlobName name,
            TimeSpan lifetime,
            CancellationToken token
        ) => throw new NotSupportedException();
    }
}
