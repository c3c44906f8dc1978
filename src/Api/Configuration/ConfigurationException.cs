namespace OAuthMcp.Api.Configuration;

/// <summary>The server cannot start as configured. The message is one sentence for the operator and names the key.</summary>
public sealed class ConfigurationException(string message) : Exception(message);
