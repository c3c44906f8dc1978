using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace OAuthMcp.Infrastructure.Persistence;

internal static class QuietStatements
{
    /// <summary>A statement is no news to whoever reads the log of a program at its usual level, and this server has many.</summary>
    public static DbContextOptionsBuilder UseQuietStatements(this DbContextOptionsBuilder options) =>
        options.ConfigureWarnings(events => events.Log((RelationalEventId.CommandExecuted, LogLevel.Debug)));
}
