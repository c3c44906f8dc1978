using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tools;

/// <param name="Sent">The tokens that were sent, which the API may have put anywhere into its answer.</param>
internal sealed record HttpBinAnswer(ToolOutcome<Anything> Outcome, IReadOnlyCollection<Secret> Sent);
