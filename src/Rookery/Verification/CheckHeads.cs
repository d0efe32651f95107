using Rookery.Timelines;

namespace Rookery.Verification;

/// <summary>The newest posts of authors that this process holds in memory.</summary>
internal sealed class CheckHeads(IDerivedTables tables, AuthorHeads heads, AccountOrdinals ordinals)
    : ICheck
{
    private const int Batch = 1_000;

    /// <summary>A head and truth are read one after the other; only what differs every time is wrong.</summary>
    private const int Looks = 3;

    public string Name => "author heads in memory";

    public async Task<CheckReport> RunAsync(bool repair, CancellationToken token)
    {
        var tally = new CheckTally(Name);
        // An inbox of direct posts is no author; what it holds beyond truth is left out when it is read.
        foreach (var batch in Enumerable.Range(0, ordinals.Count).Chunk(Batch))
        {
            var authors = batch.Where(author => !DirectInbox.Is(ordinals.IdOf(author))).ToList();
            tally.Compared += authors.Count(author => heads.Copy(author) is not null);
            for (var look = 0; look < Looks && authors.Count > 0; look++)
            {
                authors = await DifferingAsync(authors, token);
            }

            foreach (var author in authors)
            {
                tally.Differs(
                    $"the newest posts of account {ordinals.IdOf(author)} are not what is stored"
                );
            }
        }

        if (repair && tally.Report().Different > 0)
        {
            await tables.ForgetHeldAsync(token);
            tally.Repaired = tally.Report().Different;
        }

        return tally.Report();
    }

    private async Task<List<int>> DifferingAsync(List<int> authors, CancellationToken token)
    {
        var held = authors
            .Select(author => (Author: author, Head: heads.Copy(author)))
            .Where(pair => pair.Head is not null)
            .ToList();
        var truth = await tables.PostsAboveAsync(
            [
                .. held.Select(pair =>
                    (ordinals.IdOf(pair.Author), new PostId(pair.Head!.Value.Floor))
                ),
            ],
            token
        );
        return held.Where(pair =>
                !pair.Head!.Value.Ids.Where(id => id > pair.Head.Value.Floor)
                    .SequenceEqual(truth[ordinals.IdOf(pair.Author)].Select(id => id.Value))
            )
            .Select(pair => pair.Author)
            .ToList();
    }
}
