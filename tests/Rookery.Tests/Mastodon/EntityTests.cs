using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rookery.Accounts;
using Rookery.Api.Mastodon;
using Rookery.Media;
using Rookery.Posts;
using Rookery.Reading;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Mastodon;

/// <summary>Entities as they are written, byte for byte, and against what Mastodon's clients must find in them.</summary>
public sealed class EntityTests
{
    private static readonly MastodonSite Site = new(
        "https://rookery.example",
        "https://media.example"
    );

    private static readonly AccountCard Ana = new(
        new AccountId(5),
        "Ana",
        "Ana & <b>",
        "Birds at https://example.org/birds\n@bob knows #Rooks",
        new DateTimeOffset(2026, 1, 2, 23, 4, 5, 678, TimeSpan.Zero),
        new AccountCounts(3, 2, 1),
        IsIndexable: true
    );

    private static readonly AccountCard Bob = Ana with
    {
        Id = new AccountId(6),
        Username = "bob",
        DisplayName = "",
        Bio = "",
        Counts = new AccountCounts(-1, 0, 0),
        IsIndexable = false,
    };

    private static readonly PostId First = new(Id(2026, 1, 2, 3, 4, 5, 678));

    private static readonly PostId Second = new(Id(2026, 1, 2, 3, 4, 6, 0));

    [Fact]
    public void An_account_shows_the_pictures_that_it_has_and_says_more_of_itself_to_its_owner()
    {
        var blob = BlobName.Parse("0123456789abcdef0123456789abcdef.gif")!.Value;
        var pictured = Ana with { Avatar = blob, IsLocked = true };
        var json = Written(json =>
            AccountEntity.WriteOwn(
                json,
                pictured,
                new PostingDefaults(Visibility.Followers, IsSensitive: true),
                3,
                Site
            )
        );
        Assert.Empty(MastodonShape.WrongWith(json, "Account"));
        foreach (var name in (string[])["avatar", "avatar_static"])
        {
            Assert.Equal($"https://media.example/media/{blob}", json.GetProperty(name).GetString());
        }

        Assert.Equal(Site.HeaderOf(Ana), json.GetProperty("header").GetString());
        var source = json.GetProperty("source");
        Assert.Equal(Ana.Bio, source.GetProperty("note").GetString());
        Assert.Equal("private", source.GetProperty("privacy").GetString());
        Assert.True(source.GetProperty("sensitive").GetBoolean());
        Assert.True(json.GetProperty("locked").GetBoolean());
        Assert.Equal(3, source.GetProperty("follow_requests_count").GetInt32());
    }

    [Fact]
    public void An_account_has_what_clients_need()
    {
        var json = Written(json => AccountEntity.Write(json, Ana, Site));
        Assert.Empty(MastodonShape.WrongWith(json, "Account"));
        Assert.Equal(
            $$"""
            {"id":"5","username":"Ana","acct":"Ana","display_name":"Ana & <b>","locked":false,"bot":false,"group":false,"discoverable":true,"indexable":true,"noindex":false,"created_at":"2026-01-02T00:00:00.000Z","note":"<p>Birds at <a href=\"https://example.org/birds\" rel=\"nofollow noopener\" target=\"_blank\" translate=\"no\"><span class=\"invisible\">https://</span><span class=\"\">example.org/birds</span><span class=\"invisible\"></span></a><br>@bob knows <a href=\"https://rookery.example/tags/rooks\" class=\"mention hashtag\" rel=\"tag\">#<span>Rooks</span></a></p>","url":"https://rookery.example/@Ana","uri":"https://rookery.example/@Ana","avatar":"{{Site.AvatarOf(
                Ana
            )}}","avatar_static":"{{Site.AvatarOf(
                Ana
            )}}","avatar_description":"","header":"{{Site.HeaderOf(
                Ana
            )}}","header_static":"{{Site.HeaderOf(
                Ana
            )}}","header_description":"","followers_count":2,"following_count":1,"statuses_count":3,"last_status_at":null,"hide_collections":false,"emojis":[],"fields":[]}
            """,
            json.GetRawText()
        );
        Assert.StartsWith(
            "https://media.example/media/",
            Site.AvatarOf(Ana),
            StringComparison.Ordinal
        );
        Assert.NotEqual(Site.AvatarOf(Ana), Site.HeaderOf(Ana));

        var bob = Written(json => AccountEntity.Write(json, Bob, Site));
        Assert.Empty(MastodonShape.WrongWith(bob, "Account"));
        Assert.Equal("", bob.GetProperty("note").GetString());
        Assert.Equal(0, bob.GetProperty("statuses_count").GetInt64());
        Assert.False(bob.GetProperty("indexable").GetBoolean());
    }

    [Fact]
    public void A_status_says_beside_its_text_where_the_links_in_it_lead()
    {
        var status = Reply();
        var json = Written(json => StatusEntity.Write(json, status, null, Site));
        Assert.Empty(MastodonShape.WrongWith(json, "Status"));
        Assert.Equal(
            $$"""
            {"id":"{{Second}}","created_at":"2026-01-02T03:04:06.000Z","edited_at":null,"in_reply_to_id":"{{First}}","in_reply_to_account_id":"6","visibility":"private","sensitive":false,"spoiler_text":"","language":null,"uri":"https://rookery.example/@Ana/{{Second}}","url":"https://rookery.example/@Ana/{{Second}}","content":"<p><span class=\"h-card\" translate=\"no\"><a href=\"https://rookery.example/@bob\" class=\"u-url mention\">@<span>bob</span></a></span> a &lt;b&gt; #1 <a href=\"https://rookery.example/tags/caf%C3%A9\" class=\"mention hashtag\" rel=\"tag\">#<span>Café</span></a></p>","mentions":[{"id":"6","username":"bob","acct":"bob","url":"https://rookery.example/@bob"}],"tags":[{"name":"café","url":"https://rookery.example/tags/caf%C3%A9"}],"media_attachments":[],"replies_count":3,"reblogs_count":2,"favourites_count":1,"quotes_count":0,"emojis":[],"card":null,"poll":null,"quote":null,"account":{{Written(
                json => AccountEntity.Write(json, Ana, Site)
            )
                .GetRawText()}},"reblog":null}
            """,
            json.GetRawText()
        );
    }

    [Fact]
    public void What_a_viewer_has_done_stands_only_where_there_is_one()
    {
        string[] names = ["favourited", "reblogged", "muted", "bookmarked", "pinned", "filtered"];
        var status = Reply() with { Marks = ViewerFlags.Liked };
        var anonymous = Written(json => StatusEntity.Write(json, status, null, Site));
        var author = Written(json => StatusEntity.Write(json, status, Ana.Id, Site));
        var other = Written(json => StatusEntity.Write(json, status, Bob.Id, Site));

        Assert.All(names, name => Assert.False(anonymous.TryGetProperty(name, out _)));
        Assert.All(names, name => Assert.True(author.TryGetProperty(name, out _)));
        Assert.False(other.TryGetProperty("pinned", out _));
        Assert.True(other.GetProperty("favourited").GetBoolean());
        Assert.False(other.GetProperty("reblogged").GetBoolean());
        Assert.Empty(MastodonShape.WrongWith(author, "Status"));
    }

    [Fact]
    public void A_status_has_its_warning_and_a_repost_that_of_its_original()
    {
        var status = Reply();
        status = status with
        {
            Post = status.Post with { Warning = "Spiders & <b>", IsSensitive = true },
        };
        var repost = new Status(
            PostOf(new PostId(Second.Value + 64), Bob, "") with
            {
                Kind = PostKind.Repost,
                Original = Second,
                OriginalAuthor = Ana.Id,
            },
            Bob,
            [],
            [],
            ViewerFlags.None,
            status
        );
        foreach (var shown in (Status[])[status, repost])
        {
            var json = Written(json => StatusEntity.Write(json, shown, null, Site));
            Assert.Empty(MastodonShape.WrongWith(json, "Status"));
            Assert.Equal("Spiders & <b>", json.GetProperty("spoiler_text").GetString());
            Assert.True(json.GetProperty("sensitive").GetBoolean());
        }
    }

    [Fact]
    public void Media_of_a_status_say_where_they_are_and_what_is_known_of_them()
    {
        var rook = new Attachment(
            new MediaId(987),
            BlobName.Parse("0123456789abcdef0123456789abcdef.jpg")!.Value,
            640,
            480,
            "A rook",
            new FocalPoint(250, -500),
            "LEHV6nWB2yk8pyo0adR*.7kCMdnj"
        );
        var bare = rook with { Id = new MediaId(988), Description = "", Blurhash = "" };
        var status = Reply();
        status = status with { Post = status.Post with { Media = [rook, bare] } };
        var json = Written(json => StatusEntity.Write(json, status, null, Site));

        Assert.Empty(MastodonShape.WrongWith(json, "Status"));
        var media = json.GetProperty("media_attachments");
        Assert.Equal(
            """{"id":"987","type":"image","url":"https://media.example/media/0123456789abcdef0123456789abcdef.jpg","preview_url":"https://media.example/media/0123456789abcdef0123456789abcdef.jpg","remote_url":null,"preview_remote_url":null,"text_url":null,"meta":{"original":{"width":640,"height":480,"size":"640x480","aspect":1.3333},"small":{"width":640,"height":480,"size":"640x480","aspect":1.3333},"focus":{"x":0.25,"y":-0.5}},"description":"A rook","blurhash":"LEHV6nWB2yk8pyo0adR*.7kCMdnj"}""",
            media[0].GetRawText()
        );
        Assert.Equal(JsonValueKind.Null, media[1].GetProperty("description").ValueKind);
        Assert.Equal(JsonValueKind.Null, media[1].GetProperty("blurhash").ValueKind);

        var repost = new Status(
            PostOf(new PostId(Second.Value + 64), Bob, "") with
            {
                Kind = PostKind.Repost,
            },
            Bob,
            [],
            [],
            ViewerFlags.None,
            status
        );
        var passedOn = Written(json => StatusEntity.Write(json, repost, null, Site));
        Assert.Equal(media.GetRawText(), passedOn.GetProperty("media_attachments").GetRawText());
    }

    [Fact]
    public void A_repost_holds_its_original_and_says_what_that_says()
    {
        var original = Reply() with { Marks = ViewerFlags.Reposted };
        var post = PostOf(new PostId(Second.Value + 64), Bob, "") with
        {
            Kind = PostKind.Repost,
            Original = Second,
            OriginalAuthor = Ana.Id,
        };
        var repost = new Status(post, Bob, [], [], ViewerFlags.None, original);
        var json = Written(json => StatusEntity.Write(json, repost, Bob.Id, Site));

        Assert.Empty(MastodonShape.WrongWith(json, "Status"));
        var inner = json.GetProperty("reblog");
        Assert.Equal($"{Second}", inner.GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, inner.GetProperty("reblog").ValueKind);
        Assert.Equal("bob", json.GetProperty("account").GetProperty("username").GetString());
        foreach (var name in (string[])["content", "mentions", "tags", "reblogged"])
        {
            Assert.Equal(inner.GetProperty(name).GetRawText(), json.GetProperty(name).GetRawText());
        }
    }

    [Theory]
    [InlineData(Visibility.Public, "public")]
    [InlineData(Visibility.Unlisted, "unlisted")]
    [InlineData(Visibility.Followers, "private")]
    [InlineData(Visibility.Direct, "direct")]
    public void Visibilities_have_the_names_that_clients_know(Visibility visibility, string name)
    {
        var post = PostOf(First, Bob, "Hello") with { Visibility = visibility };
        var status = new Status(post, Bob, [], [], ViewerFlags.None, null);
        var json = Written(json => StatusEntity.Write(json, status, null, Site));
        Assert.Equal(name, json.GetProperty("visibility").GetString());
    }

    [Fact]
    public void A_hashtag_always_has_the_same_number()
    {
        var json = Written(json => TagEntity.Write(json, "rooks", hasViewer: true, Site));
        Assert.Empty(MastodonShape.WrongWith(json, "Tag"));
        Assert.Equal(
            """{"id":"3787529189386600339","name":"rooks","url":"https://rookery.example/tags/rooks","history":[],"following":false}""",
            json.GetRawText()
        );
        var anonymous = Written(json => TagEntity.Write(json, "rooks", hasViewer: false, Site));
        Assert.False(anonymous.TryGetProperty("following", out _));
    }

    private static Status Reply() =>
        new(
            PostOf(Second, Ana, "@bob a <b> #1 #Café") with
            {
                Kind = PostKind.Reply,
                Visibility = Visibility.Followers,
                Parent = First,
                ParentAuthor = Bob.Id,
                Counts = new PostCounts(1, 2, 3),
            },
            Ana,
            [Bob],
            ["café"],
            ViewerFlags.None,
            null
        );

    private static Post PostOf(PostId id, AccountCard author, string text) =>
        new(
            id,
            author.Id,
            PostKind.Post,
            Visibility.Public,
            text,
            default,
            default,
            default,
            default,
            default
        );

    private static long Id(
        int year,
        int month,
        int day,
        int hour,
        int minute,
        int second,
        int millisecond
    ) =>
        Snowflake.FloorAt(
            new DateTimeOffset(year, month, day, hour, minute, second, millisecond, TimeSpan.Zero)
        );

    private static JsonElement Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            write(json);
        }

        return JsonElement.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
