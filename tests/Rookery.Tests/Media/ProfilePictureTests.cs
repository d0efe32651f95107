using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Adapters.Disk;
using Rookery.Adapters.Sql;
using Rookery.Media;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Media;

/// <summary>
/// A profile is changed in two steps, and who removes uploads goes on beside it: whatever falls between which of their steps, no profile is ever without its
/// file, and no file stays that no profile shows.
/// </summary>
public sealed class ProfilePictureTests : IDisposable
{
    /// <summary>More than a sweep calls.</summary>
    private const int Calls = 9;

    private static readonly TimeSpan Day = TimeSpan.FromHours(25);

    private readonly RunningTime _time = new();
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteFile _database;
    private readonly SqlMediaStore _media;
    private readonly SqlAccountStore _accounts;
    private readonly SqlPostStore _posts;
    private readonly DiskBlobStore _blobs;

    /// <summary>What happens before each call by who removes, and how many there have been.</summary>
    private Func<int, Task> _before = _ => Task.CompletedTask;
    private int _calls;

    public ProfilePictureTests()
    {
        _database = new SqliteFile(_time);
        _media = new SqlMediaStore(_database.Database);
        _accounts = new SqlAccountStore(_database.Database);
        _posts = new SqlPostStore(_database.Database);
        _blobs = new DiskBlobStore(new DiskBlobFolder(_folder.Path));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IEnumerable<string> Files =>
        Directory
            .EnumerateFiles(_folder.Path, "*.png", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(file));

    [Fact]
    public async Task Whatever_happens_between_whose_steps_a_file_is_there_where_its_profile_is()
    {
        var outcomes = new HashSet<bool>();
        for (var held = 0; held <= Calls; held++)
        {
            for (var stored = held; stored <= Calls; stored++)
            {
                foreach (var isLate in (bool[])[false, true])
                {
                    outcomes.Add(await PlayAsync(held, stored, isLate));
                }
            }
        }

        Assert.Equal(new HashSet<bool> { true, false }, outcomes);
    }

    [Fact]
    public async Task What_a_profile_shows_stays_and_what_it_shows_no_longer_goes_told_or_not()
    {
        var ana = await SignUpAsync();
        var first = await UploadAsync(ana);
        await UploadAsync(ana);
        Assert.True((await EditAsync(ana, first)).Succeeded);
        _time.Pass(Day);
        // The other, which nobody showed.
        Assert.Equal(1, await SweepAsync());
        Assert.Equal([first.Blob.ToString()], Files);

        var third = await UploadAsync(ana);
        Assert.True((await EditAsync(ana, third)).Succeeded);
        var remove = new RemoveMediaOfDeleted(_media, Remove());
        var left = new Committed(1, new AccountPicturesLeft(ana, [first.Id]));
        await remove.HandleAsync([left, left], Stop);
        Assert.Equal([third.Blob.ToString()], Files);
        Assert.Equal([third.Blob], await AllOfAsync(ana));
    }

    [Fact]
    public async Task What_is_on_a_profile_is_nobodys_to_post_or_remove_and_another_is_none_to_show()
    {
        var (ana, bob) = (await SignUpAsync(), await SignUpAsync());
        var (hers, his) = (await UploadAsync(ana), await UploadAsync(bob));
        Assert.True((await EditAsync(ana, hers)).Succeeded);
        Assert.Equal(ProblemKind.NotFound, (await EditAsync(ana, his)).Problem?.Kind);
        Assert.Equal(
            ProblemKind.NotFound,
            (await Remove().HandleAsync(hers.Id, ana, Stop)).Problem?.Kind
        );
        Assert.Empty(
            await _media.HoldAsync(ana, [hers.Id], MediaPurpose.Post, DateTimeOffset.MaxValue, Stop)
        );
        Assert.Equal(2, Files.Count());
    }

    [Fact]
    public async Task Of_a_change_that_came_to_nothing_nothing_is_left()
    {
        var ana = await SignUpAsync();
        var (unused, held) = (await UploadAsync(ana), await UploadAsync(ana));
        await _media.HoldAsync(
            ana,
            [held.Id],
            MediaPurpose.Profile,
            _time.GetUtcNow().AddMinutes(10),
            Stop
        );
        await Remove().RemoveUnusedAsync([unused.Id, held.Id]);
        // The other may be about to be shown.
        Assert.Equal([held.Blob.ToString()], Files);
        Assert.Equal([held.Blob], await AllOfAsync(ana));
        _time.Pass(Day);
        Assert.Equal(1, await SweepAsync());
        Assert.Empty(Files);
        Assert.Empty(await AllOfAsync(ana));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    /// <summary>A sweep with the two steps of a change before these of its calls, and more than a hold lasts between them where it is late.</summary>
    private async Task<bool> PlayAsync(int held, int stored, bool isLate)
    {
        var ana = await SignUpAsync();
        var medium = await UploadAsync(ana);
        _time.Pass(Day);
        ProfilePictures? pictures = null;
        var isStored = false;
        _calls = 0;
        _before = async call =>
        {
            if (call == held)
            {
                var until = _time.GetUtcNow().AddMinutes(10);
                var found = await _media.HoldAsync(
                    ana,
                    [medium.Id],
                    MediaPurpose.Profile,
                    until,
                    Stop
                );
                pictures =
                    found.Count > 0
                        ? new ProfilePictures(
                            new ProfilePicture(medium.Id, medium.Blob),
                            null,
                            until
                        )
                        : null;
            }

            if (call == stored && isLate)
            {
                _time.Pass(TimeSpan.FromMinutes(11));
            }

            if (call == stored && pictures is not null)
            {
                isStored = (
                    await _accounts.EditProfileAsync(ana, null, null, null, Stop, pictures)
                ).Succeeded;
            }
        };
        await SweepAsync();
        while (_calls <= Calls)
        {
            await _before(_calls++);
        }

        _before = _ => Task.CompletedTask;
        var where = $"held {held}, stored {stored}, late {isLate}";
        Assert.True(!isStored || IsThere(medium), where);
        _time.Pass(TimeSpan.FromHours(2));
        await SweepAsync();
        Assert.True(isStored == IsThere(medium), where);
        Assert.True(isStored == (await AllOfAsync(ana)).Any(), where);
        return isStored;
    }

    private async Task<AccountId> SignUpAsync() =>
        (await _accounts.CreateAsync(DisplayName.Parse("Ana", "name").Value, Stop)).Id;

    private Task<Result<AccountCard>> EditAsync(AccountId account, Medium medium) =>
        new EditProfile(_accounts, _media, _time).HandleAsync(
            new ProfileEdit(account, null, null) { Avatar = new PictureEdit(medium.Id) },
            Stop
        );

    private async Task<Medium> UploadAsync(AccountId owner)
    {
        var blob = BlobName.Draw(MediaKind.Png);
        var reserved = await _media.ReserveAsync(
            new NewMedium(owner, blob, 1, 1, 1, "", default, "") { Purpose = MediaPurpose.Profile },
            new MediaQuota(long.MaxValue, int.MaxValue),
            Stop
        );
        using var content = new MemoryStream([1]);
        await _blobs.PutAsync(blob, content, 1, "image/png", Stop);
        await _media.KeepAsync(reserved.Value, Stop);
        return new Medium(reserved.Value, owner, blob, 1, 1, "", default, "");
    }

    private bool IsThere(Medium medium) => Files.Contains(medium.Blob.ToString());

    private async Task<IEnumerable<BlobName>> AllOfAsync(AccountId owner) =>
        (await _media.SomeOfAsync(owner, 10, Stop)).Select(one => one.Blob);

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
            Watched<Rookery.Posts.IPosts>(_posts),
            Watched<IProfilePictures>(_accounts)
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
}
