using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>Sends the user to a provider: for an authorization request that is allowed, for the pages, or to link the account.</summary>
/// <param name="Provider">Its name; null for the one that the request has chosen.</param>
/// <param name="Browser">Hash of the cookie that the browser gets with the answer.</param>
/// <param name="Link">Whether the provider's account is linked to the signed-in one.</param>
/// <param name="Again">Whether the provider has just asked that the user signs in anew.</param>
internal sealed record StartUpstreamSignInCommand(
    string? Provider,
    string? RequestId,
    string? Then,
    bool Link,
    Visitor Visitor,
    TokenHash Browser,
    bool Again = false
) : IRequest<AuthorizeStep>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.SignIn, "provider") { IsRoutine = true, IsOfRefusals = true };
}

internal sealed class StartUpstreamSignInHandler(
    OpenRequests open,
    IAuthorizationRequestStore requests,
    IUpstreamProviders providers,
    IUpstreamSignIns signIns,
    OAuthSettings settings,
    CurrentAct act,
    TimeProvider time
) : IRequestHandler<StartUpstreamSignInCommand, AuthorizeStep>
{
    public async Task<AuthorizeStep> Handle(StartUpstreamSignInCommand command, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        // A linked account can sign in from then on, so a browser that was left open is not enough to link one.
        if (command.Link && !command.Visitor.IsFresh(now))
            return new AuthorizeStep.SignInToPage(command.Then);
        AuthorizationRequest? request = null;
        if (command.RequestId is not null)
        {
            if (!(await open.FindAsync(command.RequestId, command.Visitor, ct)).Try(out request, out var refused))
                return refused;
            if (request.AnsweredAt is not null)
                return AuthorizationRequest.AlreadyAnswered;
        }

        if (settings.FindProvider(command.Provider ?? request?.Provider) is not { } provider)
            return OAuthError.InvalidRequest("There is no such sign-in service here.");
        act.Name = provider.Name;
        if (request is not null && request.Provider != provider.Name && !await requests.TryChooseAsync(request.Id, provider.Name, ct))
            return AuthorizationRequest.AlreadyAnswered;
        if (request is { ApprovedScope: null })
            return new AuthorizeStep.Consent(request.Id);

        var (state, nonce, verifier) = (Secret.Generate(), Secret.Generate(), Secret.Generate());
        var begun = await providers.BeginAsync(
            provider,
            new UpstreamAuthorization(
                state,
                nonce,
                PkceChallenge.Of(verifier),
                settings.Issuer + provider.CallbackPath,
                command.Again || IsFreshSignInNeeded(command, request)
            ),
            ct
        );
        if (!begun.Try(out var location, out var refusal))
            return refusal;

        var isOnTheWay = await signIns.TryAddAsync(
            new UpstreamSignIn
            {
                State = TokenHash.Of(state),
                Provider = provider.Name,
                Nonce = TokenHash.Of(nonce),
                CodeVerifier = verifier,
                Browser = command.Browser,
                RequestId = request?.Id,
                Then = command.Then,
                LinkTo = command.Link ? command.Visitor.Subject : null,
                CreatedAt = now,
            },
            settings.MaxOpenAuthorizations,
            ct
        );
        return isOnTheWay
            ? new AuthorizeStep.Provider(location)
            : OAuthError.TemporarilyUnavailable() with
            {
                Detail = "too many open upstream sign-ins",
            };
    }

    // Somebody who is signed in and signs in again comes from a page that has to know whether it is the same person.
    private static bool IsFreshSignInNeeded(StartUpstreamSignInCommand command, AuthorizationRequest? request) =>
        request?.RequiresFreshSignIn ?? (!command.Link && command.Visitor.Subject is not null);
}
