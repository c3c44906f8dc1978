using Microsoft.IdentityModel.Tokens;

namespace OAuthMcp.Client;

/// <summary>What the person at the command line decided.</summary>
internal sealed record ClientOptions
{
    /// <summary>The MCP server's URL, as typed.</summary>
    public required Uri Server { get; init; }

    /// <summary>The one authorization server to use; otherwise the first that the MCP server names.</summary>
    public string? Issuer { get; init; }

    public string? ClientId { get; init; }
    public string? ClientSecret { get; init; }

    /// <summary>Signs assertions instead of sending a secret (<c>private_key_jwt</c>).</summary>
    public SigningCredentials? PrivateKey { get; init; }

    /// <summary>Where the document is that describes this client; its URL is the client_id.</summary>
    public string? ClientMetadataUrl { get; init; }

    /// <summary>The first scopes to ask for, instead of those that the server asks for.</summary>
    public string? Scope { get; init; }

    /// <summary>A machine that acts in its own name.</summary>
    public bool IsMachine { get; init; }

    /// <summary>Nobody opens a browser here: the person does, somewhere, and pastes what it was sent to.</summary>
    public bool Paste { get; init; }

    /// <summary>Where sign-ins are kept.</summary>
    public required string DataDirectory { get; init; }

    public bool OpensBrowser { get; init; } = true;
    public bool IsVerbose { get; init; }
    public string? ProtocolVersion { get; init; }
}
