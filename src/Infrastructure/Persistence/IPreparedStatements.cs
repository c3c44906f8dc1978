using System.Data.Common;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>The statements that an open connection has compiled.</summary>
internal interface IPreparedStatements
{
    /// <summary>The statement, with the parameters that it had the last time; without any the first time.</summary>
    DbCommand Of(string statement);
}
