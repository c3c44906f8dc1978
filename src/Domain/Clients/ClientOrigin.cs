namespace OAuthMcp.Domain.Clients;

/// <summary>How the server came to know a client.</summary>
internal enum ClientOrigin
{
    /// <summary>It registered itself (RFC 7591): anybody can.</summary>
    Registered,

    /// <summary>An operator put it here, by configuration or command line.</summary>
    PreRegistered,

    /// <summary>Its client_id is the URL of a document that describes it.</summary>
    MetadataDocument,
}
