namespace Rookery.Accounts;

/// <summary>What an account may do beside what all may. Operators give roles; each may do what those before it may.</summary>
public enum AccountRole
{
    Member = 0,

    /// <summary>Sees reports, resolves them, and suspends members.</summary>
    Moderator = 1,

    /// <summary>Suspends moderators too, and sees how the server is.</summary>
    Admin = 2,
}
