namespace OAuthMcp.Api.Pages;

/// <summary>What people read of a scope.</summary>
/// <param name="Tools">What each tool does that needs it, where nobody wrote a sentence.</param>
/// <param name="Risk">What its tools may do beside reading; null when they only read.</param>
internal sealed record ScopeText(string Sentence, IReadOnlyList<string> Tools, string? Risk);
