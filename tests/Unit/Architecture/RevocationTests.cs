using System.Text.RegularExpressions;

namespace OAuthMcp.Unit.Architecture;

/// <summary>Servers believe what they know of a token until they are told otherwise, so whatever ends one has to tell.</summary>
public sealed partial class RevocationTests
{
    // What a token's state is read from. Rows that clean-up throws away have no living token.
    [GeneratedRegex(
        @"SetProperty\(\w+ => \w+\.(RevokedAt|DisabledAt)|Users\b[^;]*\.ExecuteDelete|account\.ExecuteDelete|Clients\.Update|new RevokedAccessToken\(|""(Grants|Clients|AspNetUsers|RevokedAccessTokens)"" SET"
    )]
    private static partial Regex Ends { get; }

    [Fact]
    public void Whatever_ends_a_token_goes_through_the_feed()
    {
        var ending = Sources
            .Written("src")
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && Ends.IsMatch(File.ReadAllText(file)))
            .ToList();
        Assert.NotEmpty(ending);
        Assert.All(ending, file => Assert.Contains("RevocationFeed revocations", File.ReadAllText(file), StringComparison.Ordinal));
    }
}
