using System.Security.Cryptography;
using Rookery.Search;
using Rookery.Search.Index;
using Rookery.Search.Spelling;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Search.Index;

public sealed class IndexSnapshotTests : IDisposable
{
    private static readonly IndexLimits _limits = new()
    {
        LiveDocuments = 12,
        LateDocuments = 5,
        MergeAt = 2,
        LargestSegment = 64,
    };

    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "search");

    [Fact]
    public void An_index_goes_on_from_its_snapshot_as_if_nothing_had_been()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var history = new IndexHistory(seed, _limits);
            for (var round = 0; round < 4; round++)
            {
                for (var step = 0; step < 60; step++)
                {
                    history.Step();
                }

                byte[] watermark = [(byte)seed, (byte)round];
                IndexSnapshot.Write(File, [history.Index.TakeImage()], watermark);
                var read = Assert.IsType<SnapshotOutcome.Loaded>(IndexSnapshot.Read(File));
                Assert.Equal(watermark, read.Watermark);
                history.Restart(read.Images[0]);
                history.AssertTold();
                for (var query = 0; query < 10; query++)
                {
                    history.AssertPage();
                }
            }
        }
    }

    [Fact]
    public void A_file_that_ends_anywhere_before_its_end_is_unusable()
    {
        var whole = SmallFile();
        for (var length = 0; length < whole.Length; length++)
        {
            AssertUnusable(whole[..length], $"cut at {length}");
        }
    }

    [Fact]
    public void A_file_with_any_bit_turned_is_unusable()
    {
        var whole = SmallFile();
        for (var at = 0; at < whole.Length; at++)
        {
            var turned = whole.ToArray();
            turned[at] ^= (byte)(1 << (at % 8));
            AssertUnusable(turned, $"bit {at % 8} of byte {at}");
        }
    }

    [Fact]
    public void Another_version_another_program_and_nothing_at_all_are_unusable_and_say_so()
    {
        Assert.Equal("there is none", Because());
        var whole = SmallFile();
        whole[16]++;
        SHA256.HashData(whole.AsSpan(..^32), whole.AsSpan(^32..));
        AssertUnusable(whole, "version");
        Assert.Contains("version", Because(), StringComparison.Ordinal);
        whole[0]++;
        SHA256.HashData(whole.AsSpan(..^32), whole.AsSpan(^32..));
        AssertUnusable(whole, "mark");
        Assert.Contains("another program", Because(), StringComparison.Ordinal);
        AssertUnusable([.. SmallFile(), 0], "longer");
    }

    [Fact]
    public void What_states_its_checksum_but_does_not_add_up_is_unusable()
    {
        // The counts of the watermark, of indexes, of hidden authors and of removals.
        var whole = SmallFile();
        foreach (var at in new[] { 20, 28, 32, 44 })
        foreach (var wrong in new byte[] { 0x7F, 0xFF, 0x01 })
        {
            var changed = whole.ToArray();
            changed[at + 3] ^= wrong;
            SHA256.HashData(changed.AsSpan(..^32), changed.AsSpan(^32..));
            AssertUnusable(changed, $"count at {at}");
        }
    }

    [Fact]
    public void A_snapshot_that_breaks_off_leaves_the_one_before_it()
    {
        var whole = SmallFile();
        System.IO.File.WriteAllBytes(File, whole);
        for (var length = 0; length < whole.Length; length += 50)
        {
            System.IO.File.WriteAllBytes(File + ".new", whole[..length]);
            Assert.IsType<SnapshotOutcome.Loaded>(IndexSnapshot.Read(File));
        }

        // And the next one is not in the way of what lies there.
        IndexSnapshot.Write(File, [Small().TakeImage()], []);
        Assert.IsType<SnapshotOutcome.Loaded>(IndexSnapshot.Read(File));
        Assert.False(System.IO.File.Exists(File + ".new"));
    }

    [Fact]
    public void Words_are_known_again_after_a_restart()
    {
        var words = new KnownWords(1 << 20);
        IndexSnapshot.Write(File, [Small(posts: 30).TakeImage()], []);
        var read = Assert.IsType<SnapshotOutcome.Loaded>(IndexSnapshot.Read(File));
        PostIndex.Of(read.Images[0], _limits, words);
        Assert.Equal("champion", words.Near("champoin"u8)[0].Word);
    }

    public void Dispose() => _folder.Dispose();

    private byte[] SmallFile()
    {
        IndexSnapshot.Write(File, [Small().TakeImage()], [1, 2, 3, 4]);
        var whole = System.IO.File.ReadAllBytes(File);
        System.IO.File.Delete(File);
        return whole;
    }

    private static PostIndex Small(int posts = 6)
    {
        var index = new PostIndex(_limits);
        var terms = new PostTerms();
        for (var id = 1; id <= posts; id++)
        {
            terms.Clear();
            terms.Add(TermKind.Word, "champion"u8);
            index.Add(new PostId(id), new AccountId(id % 2), terms);
        }

        index.Remove(new PostId(1));
        index.Hide(new AccountId(1));
        return index;
    }

    private void AssertUnusable(byte[] content, string what)
    {
        System.IO.File.WriteAllBytes(File, content);
        Assert.True(IndexSnapshot.Read(File) is SnapshotOutcome.Unusable, what);
    }

    private string Because() =>
        Assert.IsType<SnapshotOutcome.Unusable>(IndexSnapshot.Read(File)).Because;
}
