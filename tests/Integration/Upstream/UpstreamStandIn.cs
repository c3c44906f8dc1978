using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>
/// Somebody else's authorization server on a real socket. Whoever comes is <see cref="Person"/>, who allows everything
/// unless told otherwise. It remembers what it was asked, checks what a careful one checks, and can be broken path by
/// path. Codes and refresh tokens work once. How it words things is GitHub's or OpenID Connect's own.
/// </summary>
internal sealed class UpstreamStandIn : IAsyncDisposable
{
    public const string ClientId = "client-there";
    public const string ClientSecret = "canary-secret-of-the-client-there";

    private readonly ConcurrentDictionary<string, (RequestDelegate Answer, int Times)> faults = new();
    private readonly ConcurrentQueue<Dictionary<string, string>> authorizations = new(),
        tokenRequests = new();
    private readonly ConcurrentQueue<string> secrets = new();
    private readonly ConcurrentDictionary<string, Authorization> codes = new();
    private readonly ConcurrentDictionary<string, Grant> accessTokens = new(),
        refreshTokens = new();
    private Dictionary<string, RequestDelegate> routes = [];

    public StandIn Socket { get; private set; } = null!;
    public string BaseUrl => Socket.Address.GetLeftPart(UriPartial.Authority);
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Who is signed in there, in every browser.</summary>
    public Person Person { get; set; } = Person.Octocat;

    public bool Denies { get; set; }

    /// <summary>Called before a path is answered; null for nothing.</summary>
    public Func<string, Task>? Before { get; set; }

    /// <summary>Added to what goes back with the browser.</summary>
    public Dictionary<string, string> AnswersWith { get; } = [];

    /// <summary>What is granted whatever was asked for; null for what was asked for.</summary>
    public string? GrantedScope { get; set; }

    /// <summary>How long access tokens live, with a refresh token beside them; null for ever, and without one.</summary>
    public TimeSpan? TokenLifetime { get; set; }

    /// <summary>Whether a refresh token that comes again ends everything that the user had allowed.</summary>
    public bool RevokesOnReuse { get; set; }

    /// <summary>Prefixes of access and refresh tokens.</summary>
    public (string Access, string Refresh) Prefixes { get; set; } = ("", "");

    /// <summary>What browsers were sent here with.</summary>
    public IReadOnlyCollection<IReadOnlyDictionary<string, string>> Authorizations => authorizations;

    /// <summary>The forms that the token endpoint got, broken or not, with the <c>Authorization</c> header.</summary>
    public IReadOnlyCollection<IReadOnlyDictionary<string, string>> TokenRequests => tokenRequests;

    public int Redemptions => tokenRequests.Count(form => form.GetValueOrDefault("grant_type") != "refresh_token");
    public int Renewals => tokenRequests.Count(form => form.GetValueOrDefault("grant_type") == "refresh_token");

    public static async Task<UpstreamStandIn> StartAsync(Func<UpstreamStandIn, Dictionary<string, RequestDelegate>> routes)
    {
        var standIn = new UpstreamStandIn();
        standIn.routes = routes(standIn);
        standIn.Socket = await StandIn.StartAsync(standIn.AnswerAsync);
        return standIn;
    }

    /// <summary>Answers the path so from now on, or so many times.</summary>
    public void Break(string path, RequestDelegate answer, int times = int.MaxValue) => faults[path] = (answer, times);

    public void Mend(string path) => faults.TryRemove(path, out _);

    public int Asked(string path) => Socket.Requests.Count(request => request.Target.Split('?')[0] == path);

    /// <summary>Whose token it is, while it is good.</summary>
    public Person? OwnerOf(string accessToken) =>
        accessTokens.TryGetValue(accessToken, out var grant) && !grant.IsRevoked && !(grant.ExpiresAt <= Time.GetUtcNow())
            ? grant.Person
            : null;

    /// <summary>Ends an access token before its time, as the user's own settings page there would.</summary>
    public void Revoke(string accessToken) => accessTokens.TryRemove(accessToken, out _);

    public IReadOnlyCollection<string> AccessTokens => [.. accessTokens.Keys];

    /// <summary>Every code and token that it ever issued.</summary>
    public IReadOnlyCollection<string> Secrets => secrets;

    /// <summary>The authorization endpoint (RFC 6749 §4.1.2): straight back, since whoever comes is signed in.</summary>
    public Task AuthorizeAsync(HttpContext http)
    {
        var asked = http.Request.Query.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString());
        authorizations.Enqueue(asked);
        Dictionary<string, string> answer = new(AnswersWith) { ["state"] = asked["state"] };
        if (Denies)
            (answer["error"], answer["error_description"]) = ("access_denied", "The user has denied your application access.");
        else
            codes[answer["code"] = Token("code_")] = new Authorization(Person, asked);
        http.Response.Redirect(asked["redirect_uri"] + QueryString.Create(answer!));
        return Task.CompletedTask;
    }

    /// <summary>What the code is worth (RFC 6749 §4.1.3, RFC 7636 §4.6); null when it is worth nothing.</summary>
    public Issued? Redeem(IReadOnlyDictionary<string, string> form) =>
        codes.TryRemove(form.GetValueOrDefault("code") ?? "", out var authorization)
        && authorization.Asked["redirect_uri"] == form.GetValueOrDefault("redirect_uri")
        && authorization.Asked["code_challenge"]
            == Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form.GetValueOrDefault("code_verifier") ?? "")))
            ? Issue(
                new Grant(authorization.Person, GrantedScope ?? authorization.Asked.GetValueOrDefault("scope") ?? ""),
                authorization.Asked.GetValueOrDefault("nonce")
            )
            : null;

    /// <summary>RFC 6749 §6; null when the token is unknown or was used before.</summary>
    public Issued? Renew(IReadOnlyDictionary<string, string> form)
    {
        if (!refreshTokens.TryGetValue(form.GetValueOrDefault("refresh_token") ?? "", out var grant) || grant.IsRevoked)
            return null;
        lock (grant)
        {
            if (grant.RefreshToken == form["refresh_token"])
                return Issue(grant, null);
            if (RevokesOnReuse)
                grant.IsRevoked = true;
            return null;
        }
    }

    public static async Task<Dictionary<string, string>> FormAsync(HttpContext http) =>
        (await http.Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString());

    /// <summary>Client id and secret, wherever they are (RFC 6749 §2.3.1).</summary>
    public static bool IsClient(HttpContext http, IReadOnlyDictionary<string, string> form) =>
        (form.GetValueOrDefault("client_id"), form.GetValueOrDefault("client_secret")) == (ClientId, ClientSecret)
        || http.Request.Headers.Authorization == $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ClientId}:{ClientSecret}"))}";

    public static Task AnswerJsonAsync(HttpContext http, object answer, int status = 200)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(answer, answer.GetType(), http.RequestAborted);
    }

    public ValueTask DisposeAsync() => Socket.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        if (http.Request.HasFormContentType)
            tokenRequests.Enqueue(new(await FormAsync(http)) { ["authorization"] = http.Request.Headers.Authorization.ToString() });
        if (Before is not null)
            await Before(path);
        if (faults.TryGetValue(path, out var fault) && fault.Times > 0)
        {
            faults[path] = fault with { Times = fault.Times - 1 };
            await fault.Answer(http);
            return;
        }

        if (routes.TryGetValue(path, out var route))
            await route(http);
        else
            http.Response.StatusCode = (int)HttpStatusCode.NotFound;
    }

    private Issued Issue(Grant grant, string? nonce)
    {
        if (grant.AccessToken is { } former)
            accessTokens.TryRemove(former, out _);
        accessTokens[grant.AccessToken = Token(Prefixes.Access)] = grant;
        if (TokenLifetime is null)
            return new Issued(grant.Person, grant.AccessToken, null, null, grant.Scope, nonce);
        grant.ExpiresAt = Time.GetUtcNow() + TokenLifetime;
        var refreshToken = Token(Prefixes.Refresh);
        refreshTokens[refreshToken] = grant;
        grant.RefreshToken = refreshToken;
        return new Issued(grant.Person, grant.AccessToken, refreshToken, (int)TokenLifetime.Value.TotalSeconds, grant.Scope, nonce);
    }

    private string Token(string prefix)
    {
        var token = prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(30));
        secrets.Enqueue(token);
        return token;
    }

    /// <param name="Nonce">To be said in an ID token.</param>
    public sealed record Issued(Person Person, string AccessToken, string? RefreshToken, int? ExpiresIn, string Scope, string? Nonce);

    private sealed record Authorization(Person Person, IReadOnlyDictionary<string, string> Asked);

    private sealed class Grant(Person person, string scope)
    {
        public Person Person => person;
        public string Scope => scope;
        public string? AccessToken { get; set; }

        /// <summary>The one that was not used yet.</summary>
        public string? RefreshToken { get; set; }

        public DateTimeOffset? ExpiresAt { get; set; }
        public bool IsRevoked { get; set; }
    }
}

/// <summary>Who has an account at a stand-in.</summary>
/// <param name="Groups">Organisations and teams (<c>org/team</c>), or groups.</param>
internal sealed record Person(long Id, string Login, (string Address, bool IsVerified)[] Emails, params string[] Groups)
{
    public static readonly Person Octocat = new(
        583231,
        "octocat",
        [("octocat@github.example", true), ("octocat@acme.example", false)],
        "octo-org",
        "octo-org/core"
    );
    public static readonly Person Hubot = new(480938, "hubot", [("hubot@acme.example", true)], "acme");
}
