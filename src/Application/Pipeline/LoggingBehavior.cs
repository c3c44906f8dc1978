using MediatR;
using Microsoft.Extensions.Logging;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Pipeline;

/// <summary>
/// Why a use case refused goes into the line of its request, or into one of its own where there is none. At debug there is a line
/// for each that was served: names and codes, never the request.
/// </summary>
internal sealed class LoggingBehavior<TRequest, TResponse>(ILogger<LoggingBehavior<TRequest, TResponse>> log, IRequestOrigin origin)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<TResponse> next)
    {
        var response = await next();
        if (response is IOutcome { Error: { } error } and not IToolAnswer)
        {
            if (!origin.TryExplain(error))
                log.LogWarning(
                    "{UseCase} refused: {ErrorCode}, {ErrorDetail}",
                    typeof(TRequest).Name,
                    error.Code,
                    AuditText.Clean(error.Detail ?? error.Description, AuditText.MaxReason)
                );
        }
        else if (log.IsEnabled(LogLevel.Debug))
            log.LogDebug("{UseCase} served", typeof(TRequest).Name);
        return response;
    }
}
