using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Api.Doctor;

/// <summary>Whether clients trust the server's certificate, and for how long yet.</summary>
internal static class CertificateCheck
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    public static async Task<Finding> LookAsync(Visit visit, CancellationToken ct)
    {
        if (visit.Address.Scheme != Uri.UriSchemeHttps)
            return ConfiguredDownstream.IsLoopback(visit.Address)
                ? Finding.Skip("http on this machine alone.")
                : Finding.Fault(
                    "http to another machine: clients refuse it.",
                    "End TLS at a proxy, and set OAuth:PublicUrl to its https URL."
                );
        var (errors, expiry, issues) = (SslPolicyErrors.None, DateTime.MaxValue, "");
        using var socket = new TcpClient();
        await socket.ConnectAsync(visit.Address.Host, visit.Address.Port, ct);
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, certificate, chain, found) =>
        {
            errors = found;
            expiry = (certificate as X509Certificate2)?.NotAfter ?? DateTime.MaxValue;
            issues = string.Join(", ", chain?.ChainStatus.Select(status => status.Status.ToString()).Distinct() ?? []);
            return true; // what is wrong with it is the finding
        });
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = visit.Address.Host }, ct);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            return Finding.Fault($"No TLS: {failure.Message}", "Let the proxy serve TLS 1.2 or 1.3 at this port.");
        }

        return Judge(visit, errors, expiry, issues, tls.SslProtocol);
    }

    private static Finding Judge(Visit visit, SslPolicyErrors errors, DateTime expiry, string issues, SslProtocols protocol) =>
        expiry < DateTime.Now ? Finding.Fault($"The certificate has expired on {expiry:yyyy-MM-dd}.", "Renew it.")
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? Finding.Fault($"The certificate is not for {visit.Address.Host}.", "Get one that has this name.")
        : errors != SslPolicyErrors.None
            ? Finding.Fault(
                $"The certificate is not trusted here ({(issues.Length > 0 ? issues : errors.ToString())}).",
                "Send the whole chain, and let clients trust its root (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE)."
            )
        : expiry - DateTime.Now < Soon ? Finding.Note($"The certificate expires on {expiry:yyyy-MM-dd}.", "Renew it.")
        : Finding.Ok($"{protocol}, trusted until {expiry:yyyy-MM-dd}.");
}
