namespace OAuthMcp.Api.Configuration;

/// <summary>
/// The server cannot start as configured. The message is for the operator: one sentence for each fault, which names the key.
/// </summary>
public sealed class ConfigurationException : Exception
{
    internal ConfigurationException(string fault)
        : this([fault]) { }

    internal ConfigurationException(IReadOnlyList<string> faults)
        : base(faults.Count == 1 ? faults[0] : $"The configuration has {faults.Count} faults:\n- {string.Join("\n- ", faults)}") =>
        Faults = faults;

    /// <summary>At least one.</summary>
    public IReadOnlyList<string> Faults { get; }
}
