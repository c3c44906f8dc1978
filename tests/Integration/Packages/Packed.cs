namespace OAuthMcp.Integration.Packages;

/// <summary>Tests of the packages, which are packed once.</summary>
[CollectionDefinition(nameof(Packed))]
public sealed class Packed : ICollectionFixture<PackedFeed>;
