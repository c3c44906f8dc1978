using OAuthMcp.Api.OAuth;
using OAuthMcp.Application.Discovery;
using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Unit.Tokens;

public sealed class TokenGrantsTests
{
    [Fact]
    public void The_token_endpoint_serves_every_grant_type_that_there_is_and_no_other() =>
        Assert.Equal(GrantTypes.All.Order(), TokenGrants.ByType.Keys.Order());

    [Fact]
    public async Task The_metadata_name_every_grant_type_that_there_is() =>
        Assert.Equal(
            GrantTypes.All,
            (await new GetServerMetadataHandler(Given.Settings).Handle(new GetServerMetadataQuery(), Given.Ct)).GrantTypesSupported
        );
}
