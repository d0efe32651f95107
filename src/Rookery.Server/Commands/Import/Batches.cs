namespace Rookery.Server.Commands.Import;

/// <summary>Cuts what is being read into batches. Where reading breaks off, what was read before still comes, and then the fault.</summary>
internal static class Batches
{
    public static IEnumerable<T[]> Of<T>(IEnumerable<T> rows, int size)
    {
        using var reader = rows.GetEnumerator();
        var batch = new List<T>(size);
        while (true)
        {
            Exception? broken = null;
            var more = false;
            try
            {
                more = reader.MoveNext();
            }
            catch (Exception fault) when (fault is InvalidDataException or IOException)
            {
                broken = fault;
            }

            if (more)
            {
                batch.Add(reader.Current);
            }

            if (batch.Count == size || (!more && batch.Count > 0))
            {
                yield return batch.ToArray();
                batch.Clear();
            }

            if (broken is not null)
            {
                throw new InvalidDataException(broken.Message, broken);
            }

            if (!more)
            {
                yield break;
            }
        }
    }
}
