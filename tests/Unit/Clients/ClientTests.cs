using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Unit.Clients;

public sealed class ClientTests
{
    [Fact]
    public void Answers_to_the_registered_URI_that_was_sent()
    {
        var client = Given.Client(redirectUris: ["https://app.example/cb", "https://app.example/other"]);
        Assert.Equal("https://app.example/other", client.FindRedirectUri("https://app.example/other"));
    }

    [Fact]
    public void A_02_does_not_answer_to_an_unregistered_URI()
    {
        Assert.Null(Given.Client(redirectUris: ["https://app.example/cb"]).FindRedirectUri("https://evil.example/cb"));
        Assert.Null(Given.Client(redirectUris: ["https://app.example/cb"]).FindRedirectUri(""));
    }

    [Fact]
    public void A_04_answers_to_the_port_that_a_loopback_client_listens_on() =>
        Assert.Equal(
            "http://localhost:51234/cb",
            Given.Client(redirectUris: ["https://app.example/cb", "http://localhost:3000/cb"]).FindRedirectUri("http://localhost:51234/cb")
        );

    [Fact]
    public void A_06_takes_the_only_registered_URI_when_none_was_sent()
    {
        Assert.Equal("https://app.example/cb", Given.Client(redirectUris: ["https://app.example/cb"]).FindRedirectUri(null));
        Assert.Null(Given.Client(redirectUris: ["https://app.example/cb", "https://app.example/other"]).FindRedirectUri(null));
        Assert.Null(Given.Client(redirectUris: []).FindRedirectUri(null));
    }

    [Fact]
    public void Is_public_only_without_an_authentication_method()
    {
        Assert.True(Given.Client(method: AuthMethods.None).IsPublic);
        Assert.All(AuthMethods.Supported.Except([AuthMethods.None]), method => Assert.False(Given.Client(method: method).IsPublic));
    }

    [Fact]
    public void Allows_the_grant_types_it_is_registered_for()
    {
        var client = Given.Client(grantTypes: ["authorization_code"]);
        Assert.True(client.Allows("authorization_code"));
        Assert.False(client.Allows("refresh_token"));
    }
}
