namespace Rookery.Search.Index;

/// <summary>What a query may still look at, in documents: every posting that is read counts, and a little for each window.</summary>
internal sealed class WorkLeft
{
    public long Documents { get; private set; }

    public bool IsNone => Documents <= 0;

    public void Set(long documents) => Documents = documents;

    public void Spend(int documents) => Documents -= documents;
}
