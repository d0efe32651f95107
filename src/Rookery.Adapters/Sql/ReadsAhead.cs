using System.Data.Common;

namespace Rookery.Adapters.Sql;

/// <summary>
/// A statement that reads the rows of many keys at once, each by its index. It is for databases that are far away, so in PostgreSQL's own words.
/// </summary>
/// <param name="sql">What it selects, <paramref name="read"/> takes apart; a key without a row is not among it.</param>
/// <param name="arguments">Made of the keys.</param>
/// <param name="read">A row's key, and what is kept of it.</param>
internal sealed class KeyedRead<TKey, TRow>(
    string sql,
    Func<IReadOnlyList<TKey>, object[]> arguments,
    Func<DbDataReader, (TKey Key, TRow Row)> read
)
    where TKey : notnull
    where TRow : class
{
    public void Ask(
        SqlSession session,
        IReadOnlyList<TKey> keys,
        Action<(TKey Key, TRow Row)> found
    ) => session.Ask(sql, row => found(read(row)), arguments(keys));
}

/// <summary>
/// What the writes of a group are known to read, read for all of them in the round trip that begins the group. Nobody else writes until the group's
/// end, so it stays right as long as those who use it say here what they change. Whoever uses it not may change anything: it is emptied before.
/// <para>Where the way to the database is short nothing is read ahead, and nothing is found here.</para>
/// </summary>
internal sealed class ReadsAhead
{
    private readonly Dictionary<object, Answers> _answers = [];

    public void Want<TKey, TRow>(KeyedRead<TKey, TRow> read, TKey key)
        where TKey : notnull
        where TRow : class
    {
        if (_answers.TryGetValue(read, out var known))
        {
            ((Answers<TKey, TRow>)known).Want(key);
        }
        else
        {
            var answers = new Answers<TKey, TRow>(read);
            answers.Want(key);
            _answers.Add(read, answers);
        }
    }

    /// <summary>False: it was not read ahead, so it must be read now. True with null: there is no row.</summary>
    public bool TryFind<TKey, TRow>(KeyedRead<TKey, TRow> read, TKey key, out TRow? row)
        where TKey : notnull
        where TRow : class
    {
        row = null;
        return _answers.TryGetValue(read, out var known)
            && ((Answers<TKey, TRow>)known).TryFind(key, out row);
    }

    /// <summary>The group has written this row; null: has removed it.</summary>
    public void Put<TKey, TRow>(KeyedRead<TKey, TRow> read, TKey key, TRow? row)
        where TKey : notnull
        where TRow : class
    {
        if (_answers.TryGetValue(read, out var known))
        {
            ((Answers<TKey, TRow>)known).Put(key, row);
        }
    }

    /// <summary>Has everything that is wanted read with what the session is asked next.</summary>
    public void Ask(SqlSession session)
    {
        foreach (var answers in _answers.Values)
        {
            answers.Ask(session);
        }
    }

    public void Clear()
    {
        foreach (var answers in _answers.Values)
        {
            answers.Clear();
        }
    }

    private abstract class Answers
    {
        public abstract void Ask(SqlSession session);

        public abstract void Clear();
    }

    private sealed class Answers<TKey, TRow>(KeyedRead<TKey, TRow> read) : Answers
        where TKey : notnull
        where TRow : class
    {
        private readonly Dictionary<TKey, TRow?> _rows = [];

        public void Want(TKey key) => _rows.TryAdd(key, null);

        public bool TryFind(TKey key, out TRow? row) => _rows.TryGetValue(key, out row);

        public void Put(TKey key, TRow? row)
        {
            if (_rows.ContainsKey(key))
            {
                _rows[key] = row;
            }
        }

        public override void Ask(SqlSession session)
        {
            if (_rows.Count > 0)
            {
                read.Ask(session, [.. _rows.Keys], found => _rows[found.Key] = found.Row);
            }
        }

        public override void Clear() => _rows.Clear();
    }
}
