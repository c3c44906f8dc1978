using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

/// <summary>
/// The grant that was read along with a code or a refresh token of the same request, for the look that follows. Whoever looks a second
/// time wants to know what has changed, and reads.
/// </summary>
internal sealed class FoundGrant
{
    /// <summary>Belongs to a code or a refresh token, of which the table has to be named, if its user may use it.</summary>
    public static string Of(string table) =>
        $"""
            "Grants"."Id" = "{table}"."GrantId" AND {IsOfEnabledUser}
            """;

    public const string IsOfEnabledUser = """
        EXISTS (SELECT 1 FROM "AspNetUsers" AS "user" WHERE "user"."Id" = "Grants"."Subject" AND "user"."DisabledAt" IS NULL)
        """;

    private Grant? grant;

    public void Keep(Grant? found) => grant = found;

    /// <summary>Null where it is another one, or was taken.</summary>
    public Grant? Take(string grantId)
    {
        var found = grant?.Id == grantId ? grant : null;
        grant = null;
        return found;
    }
}
