namespace OAuthMcp.Api.Configuration;

/// <summary>The server cannot start as configured. The message is the one sentence that the operator reads; it names the key.</summary>
public sealed class ConfigurationException(string message) : Exception(message);
