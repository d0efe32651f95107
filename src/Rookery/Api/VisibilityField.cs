using Rookery.Posts;

namespace Rookery.Api;

/// <summary>How requests name who may see a post.</summary>
internal static class VisibilityField
{
    private const string Name = "visibility";

    /// <summary>Null where it is not given: who takes the request knows what holds then.</summary>
    /// <param name="mayBeEmpty">A form sends a choice that was not made as an empty one.</param>
    public static Visibility? OptionalVisibility(this RequestFields fields, bool mayBeEmpty = false)
    {
        switch (fields.OptionalText(Name, min: mayBeEmpty ? 0 : 1))
        {
            case null or "":
                return null;
            case "public":
                return Visibility.Public;
            case "unlisted":
                return Visibility.Unlisted;
            case "followers":
                return Visibility.Followers;
            case "direct":
                return Visibility.Direct;
            default:
                fields.Refuse(Name, "must be public, unlisted, followers or direct");
                return null;
        }
    }
}
