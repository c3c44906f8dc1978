using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>PostgreSQL stores a moment without its offset, and the driver takes those in UTC alone.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(time => time.ToUniversalTime(), time => time);
