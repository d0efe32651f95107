using System.Text;

namespace Rookery.Accounts;

/// <summary>
/// A password as it is counted and hashed: in NFKC (NIST SP 800-63B 5.1.1.2), so that the same keys give the same password on
/// keyboards that send composed, decomposed or full-width letters.
/// </summary>
internal static class PasswordText
{
    /// <summary>Longer ones are nobody's: room for the decomposed form of the longest password.</summary>
    public const int MaxUnits = 4 * PasswordRules.MaxLength;

    /// <summary>Null when no account can have this password: too long, or not well-formed.</summary>
    public static string? Normalised(string password) =>
        password.Length <= MaxUnits && UnicodeText.CanBeNormalised(password)
            ? password.Normalize(NormalizationForm.FormKC)
            : null;
}
