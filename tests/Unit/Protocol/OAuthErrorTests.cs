using System.Reflection;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Protocol;

public sealed class OAuthErrorTests
{
    private const string Detail = "detail-canary";

    public static TheoryData<string> Factories =>
        [
            .. typeof(OAuthError)
                .GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Where(method => method.ReturnType == typeof(OAuthError) && method.GetParameters() is [] or [{ Name: "detail" }])
                .Select(method => method.Name),
        ];

    [Theory]
    [MemberData(nameof(Factories))]
    public void Description_is_fixed_and_within_the_characters_of_RFC_6749(string factory)
    {
        var method = typeof(OAuthError).GetMethod(factory)!;
        var error = (OAuthError)method.Invoke(null, [.. method.GetParameters().Select(_ => Detail)])!;
        Assert.Matches("^[a-z_]+$", error.Code);
        Assert.Matches("""^[\x20-\x21\x23-\x5B\x5D-\x7E]+$""", error.Description);
        Assert.DoesNotContain(Detail, error.Description, StringComparison.Ordinal);
        Assert.Equal(method.GetParameters().Length == 0 ? null : Detail, error.Detail);
    }

    [Fact]
    public void Only_an_outage_says_when_to_come_back()
    {
        Assert.NotNull(OAuthError.TemporarilyUnavailable().RetryAfter);
        Assert.Null(OAuthError.ServerError().RetryAfter);
    }
}
