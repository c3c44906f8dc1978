namespace OAuthMcp.Api.Pages;

/// <summary>Marks the pages that load passkeys.js; no other page may run a script.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class UsesScriptAttribute : Attribute;
