namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>A key of Data Protection, which opens what the nodes seal for each other.</summary>
/// <param name="Name">What Data Protection calls it.</param>
/// <param name="Xml">The key, sealed with the certificate of <c>Protection</c> where there is one.</param>
internal sealed record KeyRingRow(string Name, string Xml);
