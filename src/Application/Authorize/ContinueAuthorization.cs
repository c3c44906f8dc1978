using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Authorize;

namespace OAuthMcp.Application.Authorize;

/// <summary>Decides what comes next for a request that has begun. Nothing else decides that.</summary>
internal sealed record ContinueAuthorizationCommand(string RequestId, Visitor Visitor) : IRequest<AuthorizeStep>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.Authorization) { IsRoutine = true, IsOfRefusals = true };
}

internal sealed class ContinueAuthorizationHandler(
    OpenRequests requests,
    ClientDirectory clients,
    CodeIssuer codes,
    Answers answers,
    TimeProvider time
) : IRequestHandler<ContinueAuthorizationCommand, AuthorizeStep>
{
    public async Task<AuthorizeStep> Handle(ContinueAuthorizationCommand command, CancellationToken ct)
    {
        var (visitor, now) = (command.Visitor, time.GetUtcNow());
        if (!(await requests.FindAsync(command.RequestId, visitor, ct)).Try(out var request, out var refusal))
            return refusal;
        if (request.AnsweredAt is not null)
            return await answers.RepeatAsync(request, visitor, ct);
        if (!request.IsSignedIn(visitor) || await clients.RecallAsync(request.ClientId, ct) is not { } client)
            return request.NextStep(visitor);
        // This was allowed before the sign-in at a provider.
        if (request.ApprovedScope is { } scope)
            return await codes.IssueAsync(request, client, visitor, scope, now, ct);
        return await codes.FindConsentAsync(request, client, visitor, now, ct) is { } consent
            ? await codes.AnswerByAsync(request, consent, visitor, now, ct)
            : request.NextStep(visitor);
    }
}
