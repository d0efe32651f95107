using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rookery.Accounts;

namespace Rookery.Api.Mastodon;

/// <summary>What an address names here: an account, or with an id one of its posts. Neither need be there.</summary>
internal readonly record struct OwnAddress(string Username, PostId? Post)
{
    private static readonly string[] _schemes = ["https://", "http://"];

    /// <summary>Whether it is the address of a page, of this site or another.</summary>
    public static bool IsUrl(string text) =>
        _schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary><c>https://host/@user</c> or <c>https://host/@user/ID</c>, encrypted or not; null for any other page.</summary>
    public static OwnAddress? OfUrl(string text, HostString host)
    {
        if (
            !IsUrl(text)
            || !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || !IsOurs(url.Authority, host)
        )
        {
            return null;
        }

        var path = Uri.UnescapeDataString(url.AbsolutePath).Trim('/').Split('/');
        if (!path[0].StartsWith('@') || Handle.Standing(path[0][1..]) is not { } handle)
        {
            return null;
        }

        return path.Length switch
        {
            1 => new OwnAddress(handle.Shown, null),
            2 when PostOf(path[1]) is { } post => new OwnAddress(handle.Shown, post),
            _ => null,
        };
    }

    /// <summary><c>user@host</c>, with or without a sign before it, as the name that it has here.</summary>
    /// <returns>Null for what is no such address, and for one of another server.</returns>
    public static string? NameIn(string text, HostString host)
    {
        var address = text.AsSpan(text.StartsWith('@') ? 1 : 0);
        var at = address.IndexOf('@');
        return
            at > 0
            && IsOurs(address[(at + 1)..], host)
            && Handle.Standing(address[..at].ToString()) is { } handle
            ? handle.Shown
            : null;
    }

    /// <summary>Whether it is written as the name of an account on a server. One that is on another server nobody here knows.</summary>
    public static bool IsOnServer(string text)
    {
        var address = text.AsSpan(text.StartsWith('@') ? 1 : 0);
        var at = address.IndexOf('@');
        return at > 0 && Handle.Standing(address[..at].ToString()) is not null;
    }

    /// <summary>Also without the port: people write the name alone.</summary>
    private static bool IsOurs(ReadOnlySpan<char> authority, HostString host) =>
        authority.Length > 0
        && (
            authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase)
            || authority.Equals(host.Host, StringComparison.OrdinalIgnoreCase)
        );

    private static PostId? PostOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
            ? new PostId(id)
            : null;
}
