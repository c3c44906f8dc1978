namespace OAuthMcp.Api.Configuration;

/// <summary>The keys of <c>Accounts</c>: who signs in with a password of this server.</summary>
internal sealed record AccountsOptions
{
    public bool? Local { get; init; }
    public SeedAccount[] Seed { get; init; } = [];
    public string[] Administrators { get; init; } = [];

    /// <summary>Whether accounts of this server can sign in. The default is that they can while no provider is configured.</summary>
    /// <exception cref="ConfigurationException">Nobody could sign in, or accounts are to be added that could not.</exception>
    public bool ReadLocal(bool hasProviders)
    {
        var isLocal = Local ?? !hasProviders;
        if (!isLocal && !hasProviders)
            throw new ConfigurationException("Accounts:Local: nobody could sign in, since Upstream names no provider.");
        if (!isLocal && Seed.Length > 0)
            throw new ConfigurationException("Accounts:Seed: accounts of this server cannot sign in unless Accounts:Local is true.");
        return isLocal;
    }
}
