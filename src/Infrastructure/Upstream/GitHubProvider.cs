using System.Text.Json;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;
using OAuthMcp.Infrastructure.Remote;

namespace OAuthMcp.Infrastructure.Upstream;

/// <summary>
/// GitHub and GitHub Enterprise Server (docs.github.com, "Authorizing OAuth apps" and "Refreshing user access tokens"). OAuth
/// without OpenID Connect: errors come with status 200, scopes with commas, and the user from an API.
/// </summary>
internal sealed class GitHubProvider(UpstreamProvider provider, RemoteHttp http) : IUpstreamProtocol
{
    private const int PageSize = 100; // the largest that GitHub allows
    private const int MostPages = 10;

    // github.com and ghe.com have a host for the API, while a server of one's own has a path.
    private string Api =>
        new Uri(provider.BaseUrl) is var pages && (pages.Host == "github.com" || pages.Host.EndsWith(".ghe.com", StringComparison.Ordinal))
            ? $"https://api.{pages.Host}"
            : $"{provider.BaseUrl}/api/v3";

    private string TokenEndpoint => $"{provider.BaseUrl}/login/oauth/access_token";

    public Task<string> BeginAsync(UpstreamAuthorization authorization, CancellationToken ct) =>
        Task.FromResult(
            UpstreamRequests.AuthorizationUrl(
                $"{provider.BaseUrl}/login/oauth/authorize",
                provider,
                authorization,
                authorization.SignInAgain ? [("prompt", "select_account")] : []
            )
        );

    public async Task<Result<UpstreamIdentity>> RedeemAsync(UpstreamCode code, CancellationToken ct)
    {
        var answer = await http.PostAsync(
            TokenEndpoint,
            UpstreamRequests.Form(
                provider,
                [("code", code.Code.Reveal()), ("redirect_uri", code.RedirectUri), ("code_verifier", code.CodeVerifier.Reveal())],
                inForm: true
            ),
            null,
            mayRepeat: false,
            ct
        );
        if (!UpstreamRequests.ReadTokens(answer).Try(out var tokens, out var refusal))
            return refusal;

        var user = await http.GetAsync($"{Api}/user", tokens.AccessToken, ct);
        if (
            user.Member("id") is not { ValueKind: JsonValueKind.Number } id
            || !id.TryGetInt64(out var subject)
            || user.Text("login") is not { } login
        )
            return OAuthError.UpstreamFailed("the user has no id or login");
        var emails = provider.Rules.EmailDomains.Count == 0 ? [] : await ListAsync("user/emails", tokens.AccessToken, ct);
        var groups = provider.Rules.Groups.Count == 0 ? [] : await GroupsAsync(tokens.AccessToken, ct);
        return new UpstreamIdentity(
            new UpstreamUser(
                subject.ToString(null, null),
                login,
                [.. emails.Where(email => email.IsTrue("verified")).Select(email => email.Text("email")).OfType<string>()],
                groups
            ),
            tokens
        );
    }

    public async Task<UpstreamRenewal> RenewAsync(UpstreamToken token, CancellationToken ct) =>
        UpstreamRequests.ReadRenewal(
            await http.PostAsync(
                TokenEndpoint,
                UpstreamRequests.Form(
                    provider,
                    [("grant_type", "refresh_token"), ("refresh_token", token.RefreshToken!.Reveal())],
                    inForm: true
                ),
                null,
                mayRepeat: true,
                ct
            )
        );

    /// <summary>
    /// GitHub has an API of its own for this (docs.github.com, "Delete an app token"). There the user's authorization of the
    /// application stays.
    /// </summary>
    public async Task<bool> RevokeAsync(UpstreamToken token, CancellationToken ct) =>
        provider.ClientSecret is { } secret
        && await http.DeleteAsync(
            $"{Api}/applications/{Uri.EscapeDataString(provider.ClientId)}/token",
            new { access_token = token.AccessToken.Reveal() },
            (provider.ClientId, secret),
            ct
        );

    private async Task<IReadOnlyList<string>> GroupsAsync(Secret token, CancellationToken ct)
    {
        var organisations = await ListAsync("user/orgs", token, ct);
        var teams = provider.Rules.Groups.Any(group => group.Contains('/')) ? await ListAsync("user/teams", token, ct) : [];
        return
        [
            .. organisations.Select(organisation => organisation.Text("login")).OfType<string>(),
            .. teams.Select(TeamName).OfType<string>(),
        ];
    }

    private static string? TeamName(JsonElement team) =>
        team.Member("organization")?.Text("login") is { } owner && team.Text("slug") is { } slug ? $"{owner}/{slug}" : null;

    // One page after the other, for as long as they are full.
    private async Task<IReadOnlyList<JsonElement>> ListAsync(string what, Secret token, CancellationToken ct)
    {
        List<JsonElement> all = [];
        for (var page = 1; page <= MostPages && all.Count == (page - 1) * PageSize; page++)
            all.AddRange(await http.ListAsync($"{Api}/{what}?per_page={PageSize}&page={page}", token, ct));
        return all;
    }
}
