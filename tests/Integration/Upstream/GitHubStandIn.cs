using Microsoft.AspNetCore.Http;

namespace OAuthMcp.Integration.Upstream;

/// <summary>
/// GitHub Enterprise Server as documented (docs.github.com, "Authorizing OAuth apps", "Refreshing user access tokens",
/// "REST API endpoints for users"): errors with status 200, form-encoded answers unless JSON is asked for, commas in the
/// scope, and an API that refuses requests without a User-Agent.
/// </summary>
internal static class GitHubStandIn
{
    public const string AuthorizePath = "/login/oauth/authorize";
    public const string TokenPath = "/login/oauth/access_token";
    public const string UserPath = "/api/v3/user";
    public const string RevocationPath = $"/api/v3/applications/{UpstreamStandIn.ClientId}/token";

    public static async Task<UpstreamStandIn> StartAsync()
    {
        var gitHub = await UpstreamStandIn.StartAsync(standIn =>
            new()
            {
                [AuthorizePath] = standIn.AuthorizeAsync,
                [TokenPath] = http => TokenAsync(standIn, http),
                [RevocationPath] = http => RevokeAsync(standIn, http),
                [UserPath] = http => ApiAsync(standIn, http, person => new
                    {
                        login = person.Login,
                        id = person.Id,
                        node_id = "MDQ6VXNlcjE=",
                        type = "User",
                        email = (string?)null,
                    }),
                [UserPath + "/emails"] = http => ApiAsync(standIn, http, person => person.Emails.Select(email => new
                        {
                            email = email.Address,
                            verified = email.IsVerified,
                            primary = true,
                            visibility = (string?)null,
                        })),
                [UserPath + "/repos"] = http => ApiAsync(standIn, http, person => new[]
                        {
                            new
                            {
                                full_name = $"{person.Login}/hello-world",
                                description = (string?)null,
                                @private = false,
                                html_url = $"https://github.com/{person.Login}/hello-world",
                            },
                        }),
                [UserPath + "/orgs"] = http =>
                    ApiAsync(standIn, http, person =>
                        person.Groups.Where(group => !group.Contains('/')).Select(group => new { login = group, id = 1 })
                    ),
                [UserPath + "/teams"] = http =>
                    ApiAsync(standIn, http, person =>
                        person
                            .Groups.Where(group => group.Contains('/'))
                            .Select(group => new { slug = group.Split('/')[1], organization = new { login = group.Split('/')[0] } })
                    ),
            }
        );
        gitHub.Prefixes = ("gho_", "ghr_");
        return gitHub;
    }

    private static async Task TokenAsync(UpstreamStandIn gitHub, HttpContext http)
    {
        var form = await UpstreamStandIn.FormAsync(http);
        var isRenewal = form.GetValueOrDefault("grant_type") == "refresh_token";
        if (!UpstreamStandIn.IsClient(http, form))
            await AnswerAsync(http, Error("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect."));
        else if ((isRenewal ? gitHub.Renew(form) : gitHub.Redeem(form)) is { } issued)
            await AnswerAsync(http, Tokens(issued));
        else
            await AnswerAsync(
                http,
                isRenewal
                    ? Error("bad_refresh_token", "The refresh token passed is incorrect or expired.")
                    : Error("bad_verification_code", "The code passed is incorrect or expired.")
            );
    }

    // "Delete an app token": the client's own authentication, the token in a body of JSON.
    private static async Task RevokeAsync(UpstreamStandIn gitHub, HttpContext http)
    {
        var token =
            HttpMethods.IsDelete(http.Request.Method) && http.Request.HasJsonContentType()
                ? (await http.Request.ReadFromJsonAsync<Dictionary<string, string>>(http.RequestAborted))!.GetValueOrDefault("access_token")
                : null;
        var status =
            !UpstreamStandIn.IsClient(http, new Dictionary<string, string>()) ? 404
            : token is null || gitHub.OwnerOf(token) is null ? 422
            : 204;
        if (status == 204)
            gitHub.Revoke(token!);
        http.Response.StatusCode = status;
    }

    public static Dictionary<string, object> Error(string code, string description) =>
        new()
        {
            ["error"] = code,
            ["error_description"] = description,
            ["error_uri"] = "https://docs.github.com/",
        };

    private static Dictionary<string, object> Tokens(UpstreamStandIn.Issued issued)
    {
        var answer = new Dictionary<string, object>
        {
            ["access_token"] = issued.AccessToken,
            ["token_type"] = "bearer",
            ["scope"] = issued.Scope.Replace(' ', ','),
        };
        if (issued is { RefreshToken: { } refreshToken, ExpiresIn: { } expiresIn })
            (answer["expires_in"], answer["refresh_token"], answer["refresh_token_expires_in"]) = (expiresIn, refreshToken, 15897600);
        return answer;
    }

    private static Task AnswerAsync(HttpContext http, Dictionary<string, object> answer) =>
        http.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal)
            ? UpstreamStandIn.AnswerJsonAsync(http, answer)
            : http.Response.WriteAsync(
                QueryString.Create(answer.Select(member => KeyValuePair.Create(member.Key, member.Value.ToString()))).Value![1..]
            );

    private static Task ApiAsync<T>(UpstreamStandIn gitHub, HttpContext http, Func<Person, T> answer)
        where T : notnull
    {
        if (http.Request.Headers.UserAgent.Count == 0)
            return UpstreamStandIn.AnswerJsonAsync(http, new { message = "Request forbidden by administrative rules." }, 403);
        return
            http.Request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token]
            && gitHub.OwnerOf(token) is { } person
            ? UpstreamStandIn.AnswerJsonAsync(http, answer(person))
            : UpstreamStandIn.AnswerJsonAsync(
                http,
                new { message = "Bad credentials", documentation_url = "https://docs.github.com/rest" },
                401
            );
    }
}
