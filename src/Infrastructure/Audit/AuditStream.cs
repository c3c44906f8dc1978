using Microsoft.Extensions.Logging;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Infrastructure.Audit;

/// <summary>The trail as a stream of the log, for a store of logs. Its category, its event id and its names do not change.</summary>
internal sealed class AuditStream(ILoggerFactory logs)
{
    private static readonly EventId Id = new(4100, "Audit");
    private readonly ILogger log = logs.CreateLogger(AuditServices.Category);

    public void Write(AuditEvent happened)
    {
        if (log.IsEnabled(LogLevel.Information))
            log.LogInformation(
                Id,
                "audit {What} {Act} {Decision} client={ClientId} subject={Subject} name={Name} actor={Actor} scope={Scope} "
                    + "error={ErrorCode} reason={Reason} peer={Peer} trace={TraceId} at={At:O}",
                happened.What,
                happened.Act,
                happened.Decision,
                happened.ClientId,
                happened.Subject,
                happened.Name,
                happened.Actor,
                happened.Scope?.ToString(),
                happened.ErrorCode,
                happened.Reason,
                happened.Peer?.ToString(),
                happened.TraceId,
                happened.At
            );
    }
}
