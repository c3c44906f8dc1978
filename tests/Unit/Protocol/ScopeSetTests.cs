using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Protocol;

public sealed class ScopeSetTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("   ", "")]
    [InlineData("mcp.write mcp.read", "mcp.write mcp.read")]
    [InlineData("  a   b a ", "a b")]
    [InlineData("a A", "a A")]
    [InlineData("!#[]~", "!#[]~")]
    public void Reads_scope_tokens_once_in_the_order_they_are_named(string? scope, string expected) =>
        Assert.Equal(expected, Given.Served(ScopeSet.Parse(scope)).ToString());

    [Theory]
    [InlineData("a\"b")]
    [InlineData("a\\b")]
    [InlineData("a\tb")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    [InlineData("a\u007f")]
    [InlineData("sch\u00f6n")]
    public void A_12_refuses_a_character_that_no_scope_token_has(string scope)
    {
        var refusal = Given.Refusal(ScopeSet.Parse(scope));
        Assert.Equal("invalid_scope", refusal.Code);
        Assert.Equal("scope holds a character outside of scope-token", refusal.Detail);
    }

    [Fact]
    public void A_12_refuses_a_scope_of_4_KB()
    {
        Given.Served(ScopeSet.Parse(new string('a', 2048)));
        var refusal = Given.Refusal(ScopeSet.Parse(new string('a', 4096)));
        Assert.Equal("invalid_scope", refusal.Code);
        Assert.Equal("scope is too long", refusal.Detail);
    }

    [Theory]
    [InlineData("mcp.write", "mcp.read", true)]
    [InlineData("mcp.read", "mcp.write", false)]
    [InlineData("mcp.read", "mcp.read", true)]
    [InlineData("mcp.read", "", true)]
    [InlineData("", "mcp.read", false)]
    [InlineData("mcp.write", "mcp.read other", false)]
    [InlineData("other.write", "mcp.read", false)]
    [InlineData("mcp.write", "MCP.read", false)]
    public void Write_implies_read_of_the_same_name_and_nothing_else_is_implied(string held, string needed, bool covers) =>
        Assert.Equal(covers, Given.Served(ScopeSet.Parse(held)).Covers(Given.Served(ScopeSet.Parse(needed))));

    [Fact]
    public void Intersection_keeps_what_is_known_and_union_adds_what_is_new()
    {
        var asked = ScopeSet.Of("openid", "mcp.write", "mcp.read");
        var known = ScopeSet.Of("mcp.read", "mcp.write");
        Assert.Equal("mcp.write mcp.read", asked.Intersect(known).ToString());
        Assert.Equal("openid mcp.write mcp.read", asked.Union(known).ToString());
    }

    [Fact]
    public void Sets_are_equal_whatever_their_order()
    {
        Assert.Equal(ScopeSet.Of("a", "b"), ScopeSet.Of("b", "a"));
        Assert.Equal(ScopeSet.Of("a", "b").GetHashCode(), ScopeSet.Of("b", "a").GetHashCode());
        Assert.NotEqual(ScopeSet.Of("a", "b"), ScopeSet.Of("a"));
        Assert.NotEqual(ScopeSet.Of("a"), ScopeSet.Of("A"));
    }
}
