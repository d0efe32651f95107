namespace Rookery.Search.Index;

/// <summary>Things that are used again from query to query.</summary>
/// <param name="most">Kept: a query of very many words leaves no more than usual behind.</param>
internal sealed class Spare<T>(Func<T> make, int most)
{
    private readonly List<T> _all = [];
    private int _used;

    public T Take()
    {
        if (_used == _all.Count)
        {
            _all.Add(make());
        }

        return _all[_used++];
    }

    /// <summary>All that were taken.</summary>
    public void GiveBack(Action<T> clear)
    {
        for (var i = 0; i < _used; i++)
        {
            clear(_all[i]);
        }

        if (_all.Count > most)
        {
            _all.RemoveRange(most, _all.Count - most);
        }

        _used = 0;
    }
}
