namespace OAuthMcp.Integration.Flood;

/// <summary>For tests in which time is what they are about: no other test runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
