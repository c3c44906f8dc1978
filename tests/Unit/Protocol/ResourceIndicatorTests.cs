using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Protocol;

public sealed class ResourceIndicatorTests
{
    [Theory]
    [InlineData("https://mcp.example")]
    [InlineData("https://mcp.example/")]
    [InlineData("https://mcp.example/mcp")]
    [InlineData("https://mcp.example/mcp/")]
    [InlineData("HTTPS://MCP.Example/mcp")]
    [InlineData("https://mcp.example:443/mcp")]
    [InlineData("https://mcp.example/mcp?session=1")]
    [InlineData("https://mcp.example?x=/other")]
    public void A_14_accepts_the_spellings_of_the_resource_that_clients_send(string resource) =>
        Assert.Null(new ResourceIndicator("https://mcp.example").Refuse([resource]));

    [Theory]
    [InlineData("http://localhost:8080", "http://localhost:8080/mcp")]
    [InlineData("http://localhost", "http://localhost:80/mcp")]
    [InlineData("https://host.example/base", "https://host.example/base/mcp")]
    [InlineData("https://host.example/base", "https://host.example/base/")]
    [InlineData("https://host.example/base", "https://host.example")]
    public void A_14_accepts_them_below_any_public_URL(string publicUrl, string resource) =>
        Assert.Null(new ResourceIndicator(publicUrl).Refuse([resource]));

    [Fact]
    public void A_14_has_one_canonical_string() =>
        Assert.Equal("https://mcp.example/mcp", new ResourceIndicator("https://mcp.example").Canonical);

    [Fact]
    public void A_13_takes_an_absent_resource_for_the_only_one() => Assert.Null(new ResourceIndicator("https://mcp.example").Refuse([]));

    [Theory]
    [InlineData("mcp", "resource is not an absolute URI")]
    [InlineData("/mcp", "resource is not an absolute URI")]
    [InlineData("//mcp.example/mcp", "resource is not an absolute URI")]
    [InlineData("https:///mcp", "resource is not an absolute URI")]
    [InlineData("urn:mcp", "resource is not an absolute URI")]
    [InlineData("https://mcp.example/mcp#f", "resource has a fragment")]
    [InlineData("https://mcp.example/mcp#", "resource has a fragment")]
    [InlineData("http://mcp.example/mcp", "resource is another origin")]
    [InlineData("https://mcp.example:8443/mcp", "resource is another origin")]
    [InlineData("https://mcp.example:80/mcp", "resource is another origin")]
    [InlineData("https://other.example/mcp", "resource is another origin")]
    [InlineData("https://mcp.example.evil/mcp", "resource is another origin")]
    [InlineData("https://mcp.example@evil.example/mcp", "resource is another origin")]
    [InlineData("https://mcp.example/other", "resource is another path")]
    [InlineData("https://mcp.example/MCP", "resource is another path")]
    [InlineData("https://mcp.example/mcp//", "resource is another path")]
    [InlineData("https://mcp.example/mcp/tools", "resource is another path")]
    public void A_13_refuses_any_other_resource(string resource, string detail)
    {
        var refusal = new ResourceIndicator("https://mcp.example").Refuse([resource]);
        Assert.Equal("invalid_target", refusal?.Code);
        Assert.Equal(detail, refusal?.Detail);
    }

    [Fact]
    public void A_13_refuses_a_list_that_names_another_resource_too() =>
        Assert.Equal(
            "invalid_target",
            new ResourceIndicator("https://mcp.example").Refuse(["https://mcp.example/mcp", "https://other.example/mcp"])?.Code
        );

    [Fact]
    public void Needs_an_absolute_public_URL() => Assert.Throws<ArgumentException>(() => new ResourceIndicator("mcp.example"));
}
