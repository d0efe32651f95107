namespace Rookery.Search.Index;

/// <summary>The newest removals, up to a number; the oldest is forgotten first.</summary>
internal sealed class RemovedIds(int most)
{
    private readonly HashSet<long> _ids = [];
    private readonly Queue<long> _order = new();

    public int Count => _ids.Count;

    public bool Contains(long id) => _ids.Count > 0 && _ids.Contains(id);

    public void Add(long id)
    {
        if (!_ids.Add(id))
        {
            return;
        }

        _order.Enqueue(id);
        if (_order.Count > most)
        {
            _ids.Remove(_order.Dequeue());
        }
    }

    /// <summary>The oldest first.</summary>
    public long[] ToArray() => [.. _order];
}
