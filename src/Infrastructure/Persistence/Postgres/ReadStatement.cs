using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <param name="Read">What becomes of its first row.</param>
internal sealed record ReadStatement(
    string Text,
    (RelationalTypeMapping? Mapping, object? Value)[] Values,
    Func<DbDataReader, object> Read
);
