using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Audit;

/// <summary>The answer of a tool. Its call is logged and audited where the tool's name is known, and not by the pipeline.</summary>
internal interface IToolAnswer : IOutcome;
