namespace OAuthMcp.Integration.Nodes;

/// <summary>Tests of several nodes run one after another, and beside no others: each has two servers work at once.</summary>
[CollectionDefinition(nameof(ManyNodes), DisableParallelization = true)]
public sealed class ManyNodes : ICollectionFixture<SharedCluster>, ICollectionFixture<UpstreamCluster>;
