using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Rookery.Accounts;
using Rookery.Notifications;
using Rookery.Notifications.Push;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Notifications.Push;

public sealed class EncryptPushTests
{
    /// <summary>RFC 8291, appendix A.</summary>
    [Fact]
    public void The_example_of_the_standard_comes_out_byte_for_byte()
    {
        using var own = ECDiffieHellman.Create(
            Key(
                "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
                "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
            )
        );
        var to = new PushReceiver(
            "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
            Bytes(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
            ),
            Bytes("BTBZMqHH6r4Tts7J_aSIgg"),
            IsStandard: true
        );

        var push = EncryptPush.Run(
            "When I grow up, I want to be a watermelon"u8,
            to,
            own,
            Bytes("DGv6ra1nlYgDCS1FRnbzlw")
        );

        Assert.Equal(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
            Base64Url.EncodeToString(push.Body)
        );
        Assert.Equal("aes128gcm", push.ContentEncoding);
        Assert.Empty(push.Headers);
    }

    [Fact]
    public void The_longest_text_fits_what_every_service_takes_and_a_longer_one_is_refused()
    {
        using var client = new PushClient();
        var to = new PushReceiver("https://push.example", client.Point, new byte[16], true);

        Assert.Equal(4_096, EncryptPush.Run(new byte[EncryptPush.MostBytes], to).Body.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            EncryptPush.Run(new byte[EncryptPush.MostBytes + 1], to)
        );
    }

    [Fact]
    public void No_two_pushes_are_encrypted_alike()
    {
        using var client = new PushClient();
        var to = new PushReceiver("https://push.example", client.Point, new byte[16], true);

        Assert.NotEqual(EncryptPush.Run("one"u8, to).Body, EncryptPush.Run("one"u8, to).Body);
    }

    [Fact]
    public void A_key_is_a_point_of_the_curve_and_nothing_else()
    {
        using var client = new PushClient();
        var point = client.Point;

        Assert.True(EncryptPush.IsPoint(point));
        Assert.False(EncryptPush.IsPoint([]));
        Assert.False(EncryptPush.IsPoint(point.AsSpan(1)));
        Assert.False(EncryptPush.IsPoint([.. point, 0]));
        Assert.False(EncryptPush.IsPoint([2, .. point[1..33]]));
        Assert.False(EncryptPush.IsPoint([5, .. point[1..]]));
        Assert.False(EncryptPush.IsPoint([4, .. new byte[64]]));
        point[64] ^= 1;
        Assert.False(EncryptPush.IsPoint(point));
    }

    [Fact]
    public void A_sealed_token_is_opened_for_its_session_and_with_its_secret_alone()
    {
        var (one, other) = (AuthToken.Draw(), AuthToken.Draw());
        var seal = new SealTokens(new PushSecret("a secret of the installation"));
        var made = seal.Seal(one.Text, one.Hash);

        Assert.Equal(one.Text, seal.Open(made, one.Hash));
        Assert.Null(seal.Open(made, other.Hash));
        Assert.Null(new SealTokens(new PushSecret("another")).Open(made, one.Hash));
        Assert.Null(seal.Open([], one.Hash));
        made[20] ^= 1;
        Assert.Null(seal.Open(made, one.Hash));
        Assert.DoesNotContain(one.Text, Encoding.Latin1.GetString(made), StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_have_the_names_that_clients_have_for_them()
    {
        Assert.Equal(
            ["follow", "mention", "mention", "reblog", "favourite", "status"],
            new[]
            {
                NotificationKind.Follow,
                NotificationKind.Mention,
                NotificationKind.Reply,
                NotificationKind.Repost,
                NotificationKind.Like,
                NotificationKind.Status,
            }.Select(PushAlerts.Of)
        );
        Assert.All(
            Enum.GetValues<NotificationKind>(),
            kind => Assert.Contains(PushAlerts.Of(kind), PushAlerts.All)
        );
    }

    private static byte[] Bytes(string text) => Base64Url.DecodeFromChars(text);

    private static ECParameters Key(string point, string secret)
    {
        var bytes = Bytes(point);
        return new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = bytes[1..33], Y = bytes[33..] },
            D = Bytes(secret),
        };
    }
}
