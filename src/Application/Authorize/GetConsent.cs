using MediatR;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Authorize;

/// <summary>What the consent page shows.</summary>
internal sealed record GetConsentQuery(string RequestId, Visitor Visitor) : IRequest<Result<ConsentView>>;

/// <param name="ClientName">What the client calls itself, unverified; null when it gave no name.</param>
/// <param name="RedirectHost">Where the answer goes, as a person reads it.</param>
/// <param name="ClientHost">The host that vouches for the client's metadata; null when none does.</param>
/// <param name="SignInAt">Where the user signs in after allowing it; null for a user who is signed in.</param>
/// <param name="IsLoopback">The answer goes to a program on the user's own machine, whichever that is.</param>
/// <param name="AllowedBefore">What the user allowed this client earlier, as far as that still holds; null when nothing does.</param>
/// <param name="EndsAt">When access that is allowed now ends at the latest.</param>
internal sealed record ConsentView(
    string ClientId,
    string? ClientName,
    string? ClientHost,
    string RedirectHost,
    bool IsLoopback,
    bool IsPreRegistered,
    ScopeSet RequiredScope,
    ScopeSet OptionalScope,
    string Resource,
    string? SignInAt,
    ScopeSet? AllowedBefore,
    DateTimeOffset EndsAt
);

internal sealed class GetConsentHandler(
    OpenRequests requests,
    ClientDirectory clients,
    IConsentStore consents,
    OAuthSettings settings,
    TimeProvider time
) : IRequestHandler<GetConsentQuery, Result<ConsentView>>
{
    public async Task<Result<ConsentView>> Handle(GetConsentQuery query, CancellationToken ct)
    {
        if (!(await requests.FindAsync(query.RequestId, query.Visitor, ct)).Try(out var request, out var refusal))
            return refusal;
        if (request.AnsweredAt is not null)
            return AuthorizationRequest.AlreadyAnswered;
        if (await clients.RecallAsync(request.ClientId, ct) is not { } client)
            return OAuthError.InvalidRequest("The application is no longer registered here.");
        var (isSignedIn, now) = (request.IsSignedIn(query.Visitor), time.GetUtcNow());
        var earlier = isSignedIn ? await consents.FindAsync(query.Visitor.Subject!, client.Id, ct) : null;
        return new ConsentView(
            client.Id,
            client.Name,
            client.Origin == ClientOrigin.MetadataDocument ? WebUrl.Host(client.Id) : null,
            RedirectUri.DisplayHost(request.RedirectUri),
            RedirectUri.IsLoopback(request.RedirectUri),
            client.IsPreRegistered,
            request.NeedsRead ? ScopeSet.Of(ScopeSet.Read) : ScopeSet.Empty,
            request.OptionalScope,
            request.Resource,
            isSignedIn ? null : settings.ProviderName(request.Provider),
            earlier?.IsOf(client, now) == true ? earlier.Scope : null,
            now + settings.GrantLifetime
        );
    }
}
