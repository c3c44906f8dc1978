using System.Data.Common;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>The database's file was deleted or replaced while it was open. What would be written there is lost, so that nothing is.</summary>
internal sealed class DatabaseMovedException() : DbException("The database file was deleted or replaced.");
