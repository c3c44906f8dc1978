using System.Data.Common;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>The database's file was deleted or replaced while it was open. Whatever was written to it now would be lost.</summary>
internal sealed class DatabaseMovedException() : DbException("The database file was deleted or replaced.");
