using System.Data.Common;

namespace OAuthMcp.Infrastructure.Persistence;

internal static class StoredTime
{
    /// <summary>A time as either database stores it: SQLite as UTC ticks.</summary>
    public static DateTimeOffset GetTime(this DbDataReader row, int column) =>
        row.GetValue(column) is long ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : new DateTimeOffset(row.GetFieldValue<DateTime>(column));
}
