using System.Globalization;
using System.Runtime.CompilerServices;
using OAuthMcp.Application.Settings;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Operations;

/// <summary>
/// Ends the audit trail behind: by time, and by number where anybody can make any number. Whoever makes many tool calls or is refused
/// often thereby drives out others of that kind, and no sign-in, consent or act of an operator.
/// </summary>
internal sealed class AuditCleanUp(OAuthDbContext db, OAuthSettings settings)
{
    // Asked while people are served: to compile it as a query of EF Core took a core for a third of a second.
    private const string Routine = "SELECT COUNT(*) FROM \"Audit\" WHERE \"IsRoutine\" = @p0";

    /// <summary>What is older than the trail reaches.</summary>
    public async Task ForgetOldAsync(DateTimeOffset now, CancellationToken ct)
    {
        foreach (var statement in Old(now - settings.AuditRetention))
            while (await db.WriteAsync(unit => unit.ExecuteAsync(statement), ct) == CleanUp.Batch) { }
    }

    /// <summary>The oldest of what anybody can make, where that is too many.</summary>
    public async Task ForgetSurplusAsync(CancellationToken ct)
    {
        if (settings.MaxAuditEvents == 0)
            return;
        var count = await db.ReadAsync(Routine, StatementValues.Of(db.Model, [true]), row => row.GetValue(0), ct);
        var surplus = Convert.ToInt32(count, CultureInfo.InvariantCulture) - settings.MaxAuditEvents;
        for (; surplus > 0; surplus -= CleanUp.Batch)
        {
            var batch = Oldest(Math.Min(surplus, CleanUp.Batch));
            await db.WriteAsync(unit => unit.ExecuteAsync(batch), ct);
        }
    }

    internal static IEnumerable<FormattableString> Old(DateTimeOffset until) => [Old(isRoutine: true, until), Old(isRoutine: false, until)];

    private static FormattableString Old(bool isRoutine, DateTimeOffset until) =>
        FormattableStringFactory.Create(
            "DELETE FROM \"Audit\" WHERE \"Id\" IN (SELECT \"Id\" FROM \"Audit\" WHERE \"IsRoutine\" = {0} AND \"At\" <= {1}"
                + $" LIMIT {CleanUp.Batch})",
            isRoutine,
            until
        );

    internal static FormattableString Oldest(int count) =>
        FormattableStringFactory.Create(
            "DELETE FROM \"Audit\" WHERE \"Id\" IN (SELECT \"Id\" FROM \"Audit\" WHERE \"IsRoutine\" = {0} ORDER BY \"At\""
                + $" LIMIT {count})",
            true
        );
}
