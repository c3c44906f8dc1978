namespace OAuthMcp.Infrastructure.Persistence.Revocations;

/// <summary>How far a list had come when something was read from the database.</summary>
/// <param name="Era">Of the list. What was read in an earlier one is not vouched for.</param>
/// <param name="Number">The last revocation that had reached the list, and so was in the database before the read.</param>
/// <param name="At">A timestamp of the machine.</param>
internal sealed record RevocationMark(object Era, long Number, long At);
