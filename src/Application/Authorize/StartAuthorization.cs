using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Authorize;

/// <summary>GET /authorize (RFC 6749 §4.1.1, OAuth 2.1 §4.1.1).</summary>
/// <param name="State">Form-urlencoded, as it goes back.</param>
/// <param name="FetchSite">Who sent the browser here, by its own word (Fetch Metadata, <c>Sec-Fetch-Site</c>); null when it does not
/// say.</param>
/// <param name="Visitor">The browser, which has its binding cookie by now.</param>
/// <param name="Repeated">The first parameter that came twice, or null. <c>resource</c> may come twice.</param>
internal sealed record StartAuthorizationCommand(
    string? ClientId,
    string? RedirectUri,
    string? ResponseType,
    string? Scope,
    string? State,
    string? CodeChallenge,
    string? CodeChallengeMethod,
    IReadOnlyList<string> Resources,
    string? Prompt,
    string? Repeated,
    Visitor Visitor,
    string? FetchSite = null
) : IRequest<AuthorizeStep>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.Authorization) { IsRoutine = true, IsOfRefusals = true };

    /// <summary>The request as a JWT, by value or by reference (RFC 9101 §5), which is not served.</summary>
    public string? RequestObject { get; init; }

    public string? RequestUri { get; init; }

    /// <summary>How the answer is to come back (OAuth 2.0 Multiple Response Type Encoding Practices §2.1); null for the query.</summary>
    public string? ResponseMode { get; init; }

    /// <summary>Who sent the request; null where that is not known.</summary>
    public string? Peer { get; init; }
}

internal sealed class StartAuthorizationHandler(
    ClientResolver clients,
    Admission admission,
    CodeIssuer codes,
    OAuthSettings settings,
    TimeProvider time
) : IRequestHandler<StartAuthorizationCommand, AuthorizeStep>
{
    /// <summary>The longest <c>state</c> that is accepted, in bytes before it is escaped.</summary>
    private const int MaxStateLength = 4096;

    public async Task<AuthorizeStep> Handle(StartAuthorizationCommand command, CancellationToken ct)
    {
        // RFC 6749 §4.1.2.1: while client and redirect_uri are unproven, the user is told and nobody is redirected.
        if (command.Repeated is "client_id" or "redirect_uri")
            return OAuthError.InvalidRequest($"{command.Repeated} is given more than once.");
        if (!(await clients.ResolveAsync(command.ClientId, ct)).Try(out var client, out var unknown))
            return unknown;
        if (client.FindRedirectUri(command.RedirectUri) is not { } redirectUri)
            return OAuthError.InvalidRequest("redirect_uri is not registered for this client.");
        if (command.State is { } state && state.Length - (2 * state.Count(c => c == '%')) > MaxStateLength)
            return OAuthError.InvalidRequest("state is too long.");

        var now = time.GetUtcNow();
        if (!Read(command, client, redirectUri, now).Try(out var request, out var refusal))
            return SendBack(command, client, redirectUri, refusal);
        var consent = await codes.FindConsentAsync(request, client, command.Visitor, now, ct);
        if (consent is null && Prompts(command).Contains("none"))
            return SendBack(
                command,
                client,
                redirectUri,
                command.Visitor.Subject is null ? OAuthError.LoginRequired() : OAuthError.ConsentRequired()
            );

        if (!await admission.TryAddAsync(request, command.Peer, ct))
            return OAuthError.TemporarilyUnavailable() with { Detail = "too many open authorization requests" };
        return consent is null ? request.NextStep(command.Visitor) : await codes.AnswerByAsync(request, consent, command.Visitor, now, ct);
    }

    private Result<AuthorizationRequest> Read(StartAuthorizationCommand command, Client client, string redirectUri, DateTimeOffset now)
    {
        if (command.Repeated is { } repeated)
            return OAuthError.InvalidRequest($"{repeated} is given more than once.");
        if (command.RequestObject is not null)
            return OAuthError.RequestNotSupported();
        if (command.RequestUri is not null)
            return OAuthError.RequestUriNotSupported();
        if (command.ResponseMode is not (null or "query"))
            return OAuthError.InvalidRequest("response_mode must be query.");
        if (command.ResponseType is null)
            return OAuthError.InvalidRequest("response_type is required.");
        if (command.ResponseType != "code")
            return OAuthError.UnsupportedResponseType();
        if (!client.Allows(GrantTypes.AuthorizationCode))
            return OAuthError.UnauthorizedClient("client has no authorization_code grant");
        if (!PkceChallenge.Parse(command.CodeChallenge, command.CodeChallengeMethod).Try(out var challenge, out var refusal))
            return refusal;
        if (!ScopeSet.Parse(command.Scope).Try(out var asked, out refusal))
            return refusal;
        if (settings.Resource.Refuse(command.Resources) is { } wrongTarget)
            return wrongTarget;

        // Unknown scopes are dropped and not refused, since clients in the field send odd ones. Without any left, the default
        // counts.
        var scope = asked.Intersect(settings.SupportedScopes);
        return new AuthorizationRequest
        {
            Id = Secret.Generate().Reveal(),
            ClientId = client.Id,
            RedirectUri = redirectUri,
            State = command.State,
            Scope = scope.Count > 0 ? scope : settings.DefaultScopes,
            Resource = settings.Resource.Canonical,
            CodeChallenge = challenge,
            Browser = TokenHash.Of(command.Visitor.Browser!),
            Provider = settings.OnlyWayIn,
            RequiresFreshSignIn = Prompts(command).Contains("login"),
            RequiresConsent = Prompts(command).Contains("consent") || !CameByThemselves(command),
            CreatedAt = now,
        };
    }

    private static string[] Prompts(StartAuthorizationCommand command) => command.Prompt?.Split(' ') ?? [];

    /// <summary>
    /// Sends an error back to the client: at once to a trusted target or for a signed-in user who came here by themselves,
    /// otherwise after a click. A link on some page must lead nobody to a host that anybody registered (RFC 9700 §4.11.2).
    /// </summary>
    private AuthorizeStep SendBack(StartAuthorizationCommand command, Client client, string redirectUri, OAuthError error)
    {
        var response = new AuthorizationResponse(redirectUri, command.State, settings.Issuer, null, error);
        return
            AuthorizationRequest.IsTrustedTarget(client, redirectUri) || (command.Visitor.Subject is not null && CameByThemselves(command))
            ? new AuthorizeStep.Redirect(response)
            : new AuthorizeStep.ConfirmRedirect(response);
    }

    private static bool CameByThemselves(StartAuthorizationCommand command) => command.FetchSite is "none" or "same-origin";
}
