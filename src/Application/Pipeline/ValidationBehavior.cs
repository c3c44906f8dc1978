using FluentValidation;
using MediatR;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Pipeline;

/// <summary>Refuses a malformed request with the first rule that failed, before its handler runs.</summary>
internal sealed class ValidationBehavior<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IRefusable<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<TResponse> next)
    {
        foreach (var validator in validators)
            if ((await validator.ValidateAsync(request, ct)).Errors is [var failure, ..])
                return TResponse.Refused(
                    new OAuthError(failure.ErrorCode.Contains('_') ? failure.ErrorCode : "invalid_request", failure.ErrorMessage)
                );
        return await next();
    }
}
