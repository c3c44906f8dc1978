namespace OAuthMcp.Domain.Upstream;

/// <summary>A kind of provider, and everything that holds for all of its kind. A new kind is one entry here.</summary>
internal sealed record ProviderKind
{
    private static readonly string[] OpenIdScopes = ["openid", "profile", "email"];

    public static readonly ProviderKind GitHub = new()
    {
        Name = "github",
        DisplayName = "GitHub",
        BaseUrl = "https://github.com",
        Protocol = ProviderProtocol.GitHub,
        SignInScopes = ["read:user"],
        EmailScopes = ["user:email"],
        GroupScopes = ["read:org"],
        NeedsSecret = true,
        OpenHosts = ["github.com"],
    };

    public static readonly ProviderKind GitLab = new()
    {
        Name = "gitlab",
        DisplayName = "GitLab",
        BaseUrl = "https://gitlab.com",
        SignInScopes = OpenIdScopes,
        OpenHosts = ["gitlab.com"],
    };

    /// <summary>Gitea and Forgejo.</summary>
    public static readonly ProviderKind Gitea = new()
    {
        Name = "gitea",
        DisplayName = "Gitea",
        BaseUrl = "https://gitea.com",
        SignInScopes = OpenIdScopes,
        GroupScopes = ["groups"],
        MayAddSlash = true,
        TeamSeparator = ':',
        OpenHosts = ["gitea.com", "codeberg.org"],
    };

    /// <summary>Any other issuer of OpenID Connect.</summary>
    public static readonly ProviderKind Oidc = new()
    {
        Name = "oidc",
        DisplayName = "your organisation",
        SignInScopes = OpenIdScopes,
        NamesAreUnique = false,
        OwnsLastSlash = true,
        OpenHosts = ["accounts.google.com", "login.microsoftonline.com"],
    };

    public static readonly IReadOnlyList<ProviderKind> All = [GitHub, GitLab, Gitea, Oidc];

    /// <summary>What the configuration calls it.</summary>
    public required string Name { get; init; }

    /// <summary>What a button says where the operator gave it no name.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The address of the public service of this kind; null where there is none, so that the operator has to name one.</summary>
    public string? BaseUrl { get; init; }

    public ProviderProtocol Protocol { get; init; } = ProviderProtocol.OpenIdConnect;

    /// <summary>What a sign-in asks for, which is as little as it needs.</summary>
    public required IReadOnlyList<string> SignInScopes { get; init; }

    /// <summary>What rules by e-mail domain need on top.</summary>
    public IReadOnlyList<string> EmailScopes { get; init; } = [];

    /// <summary>What rules by group need on top.</summary>
    public IReadOnlyList<string> GroupScopes { get; init; } = [];

    /// <summary>Whether it serves no public client.</summary>
    public bool NeedsSecret { get; init; }

    /// <summary>Whether no two users have one name there. A <c>preferred_username</c> may be shared (OpenID Connect Core §5.7).</summary>
    public bool NamesAreUnique { get; init; } = true;

    /// <summary>Whether a slash at the end of its address belongs to its name, since an issuer is compared letter by letter.</summary>
    public bool OwnsLastSlash { get; init; }

    /// <summary>Whether its issuer may end in a slash that its configured address lacks.</summary>
    public bool MayAddSlash { get; init; }

    /// <summary>What it writes between an organisation and one of its teams.</summary>
    public char TeamSeparator { get; init; } = '/';

    /// <summary>Hosts of this kind where anybody can have an account.</summary>
    public required IReadOnlyList<string> OpenHosts { get; init; }

    /// <summary>The names as a sentence has them: a, b or c.</summary>
    public static string Names => $"{string.Join(", ", All.SkipLast(1).Select(kind => kind.Name))} or {All[^1].Name}";

    /// <summary>Null when there is no kind of that name.</summary>
    public static ProviderKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
