using System.Globalization;
using System.Text;

namespace Rookery.Wire.Redis;

internal enum RedirectKind
{
    /// <summary>The reply stands.</summary>
    None,

    /// <summary>The slot is another node's now.</summary>
    Moved,

    /// <summary>This key may be at the node that the slot is moving to.</summary>
    Ask,

    /// <summary>The node will be able to answer, or another one, in a moment.</summary>
    Later,

    /// <summary>The command never left; somebody else may have taken the slot over.</summary>
    NeverSent,
}

/// <summary>What a reply says about where the command belongs.</summary>
internal readonly record struct Redirect(RedirectKind Kind, int Slot, WireEndpoint Target)
{
    public static Redirect Of(in RedisReply reply)
    {
        if (reply.Failure is { } failure)
        {
            return failure.NeverSent ? Only(RedirectKind.NeverSent) : default;
        }

        if (!reply.IsError)
        {
            return default;
        }

        var error = reply.Unchecked.Span;
        var code = reply.Unchecked.ErrorCode;
        return code.SequenceEqual("MOVED"u8) ? ToTarget(RedirectKind.Moved, error, reply.Source!)
            : code.SequenceEqual("ASK"u8) ? ToTarget(RedirectKind.Ask, error, reply.Source!)
            : IsPassing(code) ? Only(RedirectKind.Later)
            : default;
    }

    private static bool IsPassing(ReadOnlySpan<byte> code) =>
        code.SequenceEqual("TRYAGAIN"u8)
        || code.SequenceEqual("CLUSTERDOWN"u8)
        || code.SequenceEqual("LOADING"u8);

    /// <summary><c>MOVED 3999 127.0.0.1:6381</c>; without a host it is the host that says so.</summary>
    private static Redirect ToTarget(
        RedirectKind kind,
        ReadOnlySpan<byte> error,
        RedisSource source
    )
    {
        var words = Encoding.UTF8.GetString(error).Split(' ');
        return
            words.Length >= 3
            && int.TryParse(words[1], CultureInfo.InvariantCulture, out var slot)
            && slot is >= 0 and < KeySlot.Count
            && WireEndpoint.TryParseAnnounced(words[2], out var target)
            ? new Redirect(
                kind,
                slot,
                target.Host is "" or "?" ? target with { Host = source.Endpoint.Host } : target
            )
            : default;
    }

    private static Redirect Only(RedirectKind kind) => new(kind, KeySlot.None, default);
}
