namespace OAuthMcp.Api.Pages;

/// <summary>Marks the pages that load a script of this server; no other page may run one.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class UsesScriptAttribute : Attribute;
