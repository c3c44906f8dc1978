using ModelContextProtocol.AspNetCore;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Configuration;

/// <summary>The keys of <c>Mcp</c>: how the protected endpoint behaves.</summary>
internal sealed record McpOptions
{
    private const int MostInstructions = 4000;

    public string SessionMode { get; init; } = "StatefulForInitializeClients";
    public string[] ChallengeScopes { get; init; } = [];
    public string[] AllowedOrigins { get; init; } = [];
    public int UnauthenticatedGet { get; init; } = 401;
    public bool ChallengeInToolResults { get; init; }
    public ScopeSentence[] Scopes { get; init; } = [];
    public bool RequireDeclaredScopes { get; init; }
    public string? Instructions { get; init; }

    /// <summary>What a model reads of how to use this server.</summary>
    /// <exception cref="ConfigurationException">It would take too much of what a model can read.</exception>
    public string? ReadInstructions() =>
        Instructions is not { Length: > MostInstructions }
            ? Instructions
            : throw new ConfigurationException($"Mcp:Instructions must have {MostInstructions} characters at most.");

    /// <exception cref="ConfigurationException">The SDK knows no such mode.</exception>
    public HttpServerSessionMode ReadSessionMode() =>
        Enum.TryParse<HttpServerSessionMode>(SessionMode, out var mode) && Enum.IsDefined(mode)
            ? mode
            : throw new ConfigurationException(
                $"Mcp:SessionMode must be one of {string.Join(", ", Enum.GetNames<HttpServerSessionMode>())}."
            );

    /// <summary>What the first challenge asks for.</summary>
    /// <exception cref="ConfigurationException">No tool asks for one of the scopes.</exception>
    public ScopeSet ReadChallengeScopes(ScopeSet? toolScopes)
    {
        var scopes = ChallengeScopes.Length > 0 ? ScopeSet.Of(ChallengeScopes) : toolScopes ?? ScopeSet.Of(ScopeSet.Read);
        return toolScopes?.Covers(scopes) != false
            ? scopes
            : throw new ConfigurationException($"Mcp:ChallengeScopes must name some of {toolScopes}.");
    }

    /// <summary>What the pages say of scopes instead of what the tools do.</summary>
    /// <exception cref="ConfigurationException">A sentence is missing, or of a scope that no tool asks for, or one of two.</exception>
    public IReadOnlyDictionary<string, string> ReadSentences(ScopeSet? toolScopes)
    {
        foreach (var (scope, number) in Scopes.Select((scope, number) => (scope, number)))
            if (scope is not { Name.Length: > 0, Sentence.Length: > 0 and <= ScopeSentence.MaxLength })
                throw new ConfigurationException(
                    $"Mcp:Scopes:{number} must have a Name, and a Sentence of {ScopeSentence.MaxLength} characters at most."
                );
            else if (toolScopes?.Contains(scope.Name) == false)
                throw new ConfigurationException($"Mcp:Scopes:{number}:Name must be one of {toolScopes}.");
            else if (Scopes.Take(number).Any(other => other.Name == scope.Name))
                throw new ConfigurationException($"Mcp:Scopes:{number}:Name is there twice: {scope.Name}.");
        return Scopes.ToDictionary(scope => scope.Name!, scope => scope.Sentence!, StringComparer.Ordinal);
    }

    /// <summary>Whether a GET without a token is answered 405, and not 401.</summary>
    /// <exception cref="ConfigurationException">It is neither.</exception>
    public bool ReadAnswersGetWith405() =>
        UnauthenticatedGet switch
        {
            401 => false,
            405 => true,
            _ => throw new ConfigurationException("Mcp:UnauthenticatedGet must be 401 or 405."),
        };
}
