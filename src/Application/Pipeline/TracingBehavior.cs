using System.Diagnostics;
using MediatR;
using OAuthMcp.Application.Telemetry;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Pipeline;

/// <summary>A span for each use case, with its name and the code of its refusal. Without a listener there is none.</summary>
internal sealed class TracingBehavior<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<TResponse> next) =>
        Instruments.Source.HasListeners() ? TraceAsync(next) : next();

    private static async Task<TResponse> TraceAsync(RequestHandlerDelegate<TResponse> next)
    {
        using var span = Instruments.Source.StartActivity(typeof(TRequest).Name);
        try
        {
            var response = await next();
            if (response is IOutcome { Error: { } error })
                span?.SetTag("error.type", error.Code);
            return response;
        }
        catch (Exception failure)
        {
            span?.SetTag("error.type", failure.GetType().FullName).SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }
}
