using OAuthMcp.Application.Audit;

namespace OAuthMcp.Infrastructure.Persistence;

internal static class AuditRows
{
    /// <summary>
    /// Writes the event of the present use case in the transaction of its act. It is told as written by the one who commits, since a
    /// transaction may be begun again.
    /// </summary>
    public static async Task<AuditEvent?> RecordAsync(this WriteUnit unit, CurrentAct act)
    {
        if (act.ToWrite() is not { } happened)
            return null;
        await unit.InsertAsync(AuditRow.Of(happened));
        return happened;
    }
}
