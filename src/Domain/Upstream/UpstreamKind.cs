namespace OAuthMcp.Domain.Upstream;

public enum UpstreamKind
{
    GitHub,
    GitLab,
    Gitea,
    Oidc,
}
