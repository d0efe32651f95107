namespace Rookery.Timelines;

internal sealed partial class AuthorHeads
{
    /// <summary>What is held of the author, newest first, and the floor above which it is complete; null where nothing is. For comparisons with truth.</summary>
    public unsafe (long[] Ids, long Floor)? Copy(int author)
    {
        lock (_writing)
        {
            if (author >= _columns.Rows.Length || _columns.Rows[author].State != State.Present)
            {
                return null;
            }

            ref var row = ref _columns.Rows[author];
            return (new Span<long>(_slab.At(row.Block), row.Count).ToArray(), row.Floor);
        }
    }
}
