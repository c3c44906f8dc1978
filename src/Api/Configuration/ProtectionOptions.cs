namespace OAuthMcp.Api.Configuration;

/// <summary>What seals the keys at rest. The previous certificate opens what it sealed until the start has sealed it anew.</summary>
internal sealed record ProtectionOptions
{
    public string? CertificateFile { get; init; }
    public string? KeyFile { get; init; }
    public string? Password { get; init; }
    public string? PreviousCertificateFile { get; init; }
    public string? PreviousKeyFile { get; init; }
    public string? PreviousPassword { get; init; }
}
