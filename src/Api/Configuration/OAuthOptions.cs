using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Configuration;

/// <summary>The keys of <c>OAuth</c>: the public URL, and how the embedded authorization server behaves.</summary>
internal sealed record OAuthOptions
{
    public string? PublicUrl { get; init; }
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);
    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromDays(30);
    public TimeSpan GrantLifetime { get; init; } = TimeSpan.FromDays(90);
    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromMinutes(1);
    public TimeSpan RefreshGrace { get; init; } = TimeSpan.FromSeconds(10);
    public string SigningAlgorithm { get; init; } = "ES256";
    public RegistrationOptions Registration { get; init; } = new();
    public MetadataDocumentOptions ClientMetadataDocuments { get; init; } = new();
    public ClientOptions[] Clients { get; init; } = [];

    /// <param name="port">Where the server listens, which counts where no URL is configured.</param>
    /// <exception cref="ConfigurationException">It is no URL of a server, or http to another machine.</exception>
    public Uri ReadPublicUrl(int port)
    {
        if (
            !Uri.TryCreate(PublicUrl ?? $"http://localhost:{port}", UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
            || uri.PathAndQuery != "/"
            || uri.UserInfo != ""
            || uri.Fragment != ""
        )
            throw new ConfigurationException("OAuth:PublicUrl must be an absolute URL without path, such as https://mcp.example.com.");
        if (uri.Scheme == "http" && !ConfiguredDownstream.IsLoopback(uri))
            throw new ConfigurationException("OAuth:PublicUrl must be https unless its host is loopback.");
        return uri;
    }

    /// <param name="toolScopes">Every scope that a tool asks for; null while that is not known, so that no scope is checked.</param>
    /// <param name="defaultScopes">What a request without scope gets.</param>
    /// <param name="openAuthorizations">How many sign-ins may wait for their user.</param>
    /// <param name="isLocal">Whether accounts of this server can sign in.</param>
    /// <param name="faults">Is told of what is unsafe.</param>
    public OAuthSettings Read(
        string issuer,
        ScopeSet? toolScopes,
        ScopeSet defaultScopes,
        int openAuthorizations,
        bool isLocal,
        bool isDevelopment,
        FoundFaults faults
    )
    {
        CheckLifetimes(faults);
        faults.Check(SigningAlgorithm is "ES256" or "RS256", "OAuth:SigningAlgorithm must be ES256 or RS256.");
        var schemes = Registration.PrivateUseSchemes ?? RedirectUri.KnownSchemes;
        return new OAuthSettings
        {
            Issuer = issuer,
            Resource = new ResourceIndicator(issuer),
            SupportedScopes = toolScopes ?? defaultScopes,
            DefaultScopes = defaultScopes,
            AccessTokenLifetime = AccessTokenLifetime,
            RefreshTokenLifetime = RefreshTokenLifetime,
            GrantLifetime = GrantLifetime,
            CodeLifetime = CodeLifetime,
            RefreshGrace = RefreshGrace,
            SigningAlgorithm = SigningAlgorithm,
            RegistrationEnabled = faults.Of(() => Registration.Check().Enabled, false),
            MaxRegisteredClients = Registration.MaxClients,
            MaxOpenAuthorizations = openAuthorizations,
            LocalAccounts = isLocal,
            Clients = faults.Of(() => ConfiguredClients.Read(Clients, schemes, toolScopes), new Dictionary<string, Client>()),
            MetadataDocuments = faults.Of(() => ClientMetadataDocuments.Read(isDevelopment), null),
            PrivateUseSchemes = schemes,
        };
    }

    private void CheckLifetimes(FoundFaults faults)
    {
        foreach (
            var (key, value) in new[]
            {
                (nameof(AccessTokenLifetime), AccessTokenLifetime),
                (nameof(RefreshTokenLifetime), RefreshTokenLifetime),
                (nameof(GrantLifetime), GrantLifetime),
                (nameof(CodeLifetime), CodeLifetime),
            }
        )
            faults.Check(value > TimeSpan.Zero, $"OAuth:{key} must be longer than zero.");
        faults.Check(CodeLifetime <= TimeSpan.FromMinutes(10), "OAuth:CodeLifetime must be at most 00:10:00."); // RFC 6749 §4.1.2
        faults.Check(
            RefreshGrace >= TimeSpan.Zero && RefreshGrace <= TimeSpan.FromMinutes(1),
            "OAuth:RefreshGrace must be between 00:00:00 and 00:01:00."
        );
    }
}
