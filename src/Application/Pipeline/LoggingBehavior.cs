using MediatR;
using Microsoft.Extensions.Logging;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Pipeline;

/// <summary>One line for each refusal and, at debug, for each use case: names and codes, never the request.</summary>
internal sealed class LoggingBehavior<TRequest, TResponse>(ILogger<LoggingBehavior<TRequest, TResponse>> log)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<TResponse> next)
    {
        var response = await next();
        if (response is IOutcome { Error: { } error })
            log.LogWarning(
                "{UseCase} refused: {ErrorCode}, {ErrorDetail}",
                typeof(TRequest).Name,
                error.Code,
                error.Detail ?? error.Description
            );
        else if (log.IsEnabled(LogLevel.Debug))
            log.LogDebug("{UseCase} served", typeof(TRequest).Name);
        return response;
    }
}
