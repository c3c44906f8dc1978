using System.Net.Sockets;
using Npgsql;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>What is wrong with the database server, in a few words for the operator and without anything secret.</summary>
internal static class PostgresTrouble
{
    public static string Describe(Exception failure) =>
        failure switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
                "The database server refuses the user name or the password.",
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => "The database does not exist.",
            PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName } =>
                "A table is missing in the database.",
            PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => "The database server has no connection left.",
            PostgresException
            {
                SqlState: PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            } => "The database server is starting or stopping.",
            PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => "The database server is too slow.",
            PostgresException => "The database cannot be read.",
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain } =>
                "The name of the database server is not known.",
            _ => "The database server does not answer.",
        };
}
