using OAuthMcp.Application.Discovery;

namespace OAuthMcp.Unit.Discovery;

public sealed class GetServerMetadataTests
{
    [Fact]
    public async Task W_01_hangs_every_endpoint_below_the_issuer()
    {
        var metadata = await new GetServerMetadataHandler(Given.Settings).Handle(new GetServerMetadataQuery(), Given.Ct);
        Assert.Equal(Given.Issuer, metadata.Issuer);
        Assert.All(
            [
                metadata.AuthorizationEndpoint,
                metadata.TokenEndpoint,
                metadata.RevocationEndpoint,
                metadata.RegistrationEndpoint!,
                metadata.JwksUri,
            ],
            endpoint => Assert.StartsWith(Given.Issuer + "/", endpoint, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task D_20_does_not_mention_registration_that_is_switched_off()
    {
        var settings = Given.Settings with { RegistrationEnabled = false };
        Assert.Null((await new GetServerMetadataHandler(settings).Handle(new GetServerMetadataQuery(), Given.Ct)).RegistrationEndpoint);
    }

    [Fact]
    public async Task W_03_advertises_S256_and_no_other_challenge_method() =>
        Assert.Equal(
            ["S256"],
            (
                await new GetServerMetadataHandler(Given.Settings).Handle(new GetServerMetadataQuery(), Given.Ct)
            ).CodeChallengeMethodsSupported
        );

    [Fact]
    public async Task W_05_resource_metadata_names_the_canonical_resource_and_this_issuer()
    {
        var metadata = await new GetResourceMetadataHandler(Given.Settings).Handle(new GetResourceMetadataQuery(), Given.Ct);
        Assert.Equal(Given.Resource, metadata.Resource);
        Assert.Equal([Given.Issuer], metadata.AuthorizationServers);
        Assert.Equal(["mcp.read", "mcp.write"], metadata.ScopesSupported);
    }
}
