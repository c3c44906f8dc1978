using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Unit.Clients;

/// <summary>The links that a client brings along: each of them is shown to a person or fetched.</summary>
public sealed class ClientMetadataLinksTests
{
    public static TheoryData<string, string> Bad
    {
        get
        {
            string[] links =
            [
                "http://app.example/",
                "javascript:alert(1)",
                "data:text/html,x",
                "file:///etc/passwd",
                "/logo.png",
                "https://localhost/",
                "https://127.0.0.1/",
                "https://10.0.0.1/",
                "https://169.254.169.254/latest/meta-data/",
                "https://[::1]/",
                "https://0x7f000001/",
                "https://intranet/",
                "https://user@app.example/",
                "https://app.example/#f",
                "https://app.example/a b",
            ];
            return
            [
                .. from name in new[] { "client_uri", "logo_uri", "tos_uri", "policy_uri", "jwks_uri" }
                from link in links
                select new TheoryDataRow<string, string>(name, link),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void D_11_refuses_a_link_that_is_no_https_URL_of_a_public_host(string name, string link)
    {
        var refusal = Given.Refusal(Linking(name, link).Check([]));
        Assert.Equal(("invalid_client_metadata", $"{name} must be an https URL of a public host."), (refusal.Code, refusal.Description));
    }

    [Theory]
    [InlineData("client_uri")]
    [InlineData("logo_uri")]
    [InlineData("tos_uri")]
    [InlineData("policy_uri")]
    [InlineData("jwks_uri")]
    public void Takes_a_public_https_link(string name) => Given.Served(Linking(name, "https://app.example:8443/about?lang=en").Check([]));

    private static ClientMetadata Linking(string name, string link)
    {
        var metadata = new ClientMetadata { RedirectUris = [Given.Callback] };
        return name switch
        {
            "client_uri" => metadata with { ClientUri = link },
            "logo_uri" => metadata with { LogoUri = link },
            "tos_uri" => metadata with { TosUri = link },
            "policy_uri" => metadata with { PolicyUri = link },
            _ => metadata with { JwksUri = link },
        };
    }
}
