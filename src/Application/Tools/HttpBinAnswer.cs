using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tools;

/// <param name="Sent">The tokens that were sent, which may come back anywhere in the outcome.</param>
public sealed record HttpBinAnswer(ToolOutcome<Anything> Outcome, IReadOnlyCollection<Secret> Sent);
