using System.Data.Common;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Api.Commands;

/// <summary>Failures that an operator can mend.</summary>
internal static class Mendable
{
    /// <summary>One sentence for the operator; null for anything else, which is a bug and keeps its stack trace.</summary>
    public static string? Explain(Exception failure) =>
        failure switch
        {
            ConfigurationException => failure.Message,
            IOException { InnerException: AddressInUseException } => "Server:Address: the port is in use.",
            InvalidOperationException when failure.Message.Contains("HTTPS endpoint", StringComparison.Ordinal) =>
                "Server:Address: https needs a certificate under Kestrel:Certificates:Default; or end TLS at a proxy.",
            SocketException => $"Server:Address: {failure.Message}.",
            DbException => $"ConnectionStrings:Database: {failure.Message}",
            CryptographicException => "Server:DataDirectory: the signing keys cannot be unsealed with the key ring found there; "
                + "restore it from the same backup as the database.",
            _ => null,
        };
}
