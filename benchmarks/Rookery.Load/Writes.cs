namespace Rookery.Load;

/// <summary>Writes that each change something, however many are asked for.</summary>
internal sealed class Writes
{
    private const int Prepared = 10_000;

    private readonly string _key;
    private readonly long[] _authors;
    private readonly Person[] _likers;
    private readonly byte[][] _posts = new byte[Prepared][];
    private readonly long[] _liked;
    private readonly int[] _likes;
    private int _posted;
    private int _followed;

    public Writes(People people, int authors, int likers)
    {
        _key = people.Key;
        _authors = people.Accounts(authors);
        _likers = people.WithTokens(likers);
        _liked = people.Post(_authors);
        _likes = new int[likers];
        for (var i = 0; i < Prepared; i++)
        {
            _posts[i] = People.PostOf(_authors[i * 7 % authors], i, _key);
        }
    }

    public byte[] Post() => _posts[_posted++ % Prepared];

    /// <summary>Each liker likes all, then takes all back, and so on.</summary>
    public byte[] Like(int liker)
    {
        var count = _likes[liker]++;
        var act = count / _liked.Length % 2 == 0 ? "like" : "unlike";
        return Requests.Post(
            $"/api/v1/{act}",
            $$"""{"tweet_id":"{{_liked[count % _liked.Length]}}"}""",
            _likers[liker].Token
        );
    }

    /// <summary>Everybody follows the next one, then everybody the one after that.</summary>
    public byte[] Follow()
    {
        var count = _followed++;
        var follower = count % _authors.Length;
        var followee = (follower + 1 + (count / _authors.Length)) % _authors.Length;
        return Requests.Post(
            $"/follow/{_authors[follower]}",
            $$"""{"followee_id":{{_authors[followee]}}}""",
            _key
        );
    }
}
