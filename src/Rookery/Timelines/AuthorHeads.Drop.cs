namespace Rookery.Timelines;

// How what is held of many authors is given up at once.
internal sealed partial class AuthorHeads
{
    public void DropAll()
    {
        using (Write())
        {
            DropWhere(_ => true);
        }
    }

    /// <summary>Inside <see cref="Write"/>: <see cref="Drop"/> of all that memory holds and that are meant.</summary>
    public void DropWhere(Func<int, bool> isMeant)
    {
        for (var author = 0; author < _columns.Rows.Length; author++)
        {
            if (_columns.Rows[author].State is State.Loading or State.Present && isMeant(author))
            {
                Release(author, State.Absent);
            }
        }
    }
}
