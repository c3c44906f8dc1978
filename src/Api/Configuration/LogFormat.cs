namespace OAuthMcp.Api.Configuration;

/// <summary>How a line of the log is written.</summary>
internal enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One JSON object a line, for a store of logs.</summary>
    Json,
}
