namespace Rookery.Search;

/// <summary>
/// What one search may still look at, over all its stretches and both parts of the index: posts that it reads, and documents of the index, of which so many count as
/// one post. Not for two threads at once.
/// </summary>
/// <param name="posts">To begin with.</param>
internal sealed class SearchBudget(int posts)
{
    /// <summary>
    /// Documents of the index that count as one post. Looking at 8,000,000 of them takes some 20 ms of one core; reading so many posts as that makes, 20,000, some
    /// hundreds, most of it the database's.
    /// </summary>
    public const int DocumentsPerPost = 400;

    private readonly int _least = posts / 16;

    public long Documents { get; private set; } = (long)posts * DocumentsPerPost;

    /// <summary>Posts that may still be read.</summary>
    public int Posts => (int)Math.Max(0, Documents / DocumentsPerPost);

    /// <summary>Posts that were read, what was looked at in the index among them.</summary>
    public int Spent => posts - Posts;

    /// <summary>What is left is not worth another stretch.</summary>
    public bool IsUsedUp => Posts < _least;

    public void Spend(long documents) => Documents -= documents;

    public void SpendPosts(int read) => Spend((long)read * DocumentsPerPost);
}
