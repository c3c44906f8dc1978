using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace OAuthMcp.Api.Doctor;

/// <summary>What is wrong with an answer that is not the expected one, and with a request that got none.</summary>
internal static class Answers
{
    /// <param name="change">What to change where the answer itself does not say more.</param>
    public static Finding Explain(HttpResponseMessage answer, int length, string change) =>
        answer.Headers.Location is { } location
            ? Finding.Fault(
                $"{(int)answer.StatusCode}: it redirects to {location}, where no client follows.",
                "Serve it at this address itself, or set OAuth:PublicUrl to the address that it redirects to."
            )
        : answer.StatusCode == HttpStatusCode.BadRequest && length == 0
            ? Finding.Fault(
                "400 without a body: the server refuses the name it was asked for.",
                "Let the proxy pass the Host on (nginx: proxy_set_header Host $host), and set OAuth:PublicUrl to this address."
            )
        : Finding.Fault($"The answer is {Status(answer)}.", change);

    public static Finding NoJson(HttpResponseMessage answer) =>
        Finding.Fault(
            $"The answer is {TypeOf(answer.Content.Headers)} and no JSON object.",
            "Somebody else answers in place of the server: a page of the proxy, or one that asks for a sign-in. Let it pass."
        );

    public static string Status(HttpResponseMessage answer) => $"{(int)answer.StatusCode} ({answer.StatusCode})";

    /// <summary>Why nobody answered.</summary>
    public static Finding Unreachable(HttpRequestException failure, Uri address) =>
        failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => Finding.Fault(
                $"The name {address.Host} does not resolve here.",
                "Add it to the DNS, or to /etc/hosts where the server is meant to be found by this machine."
            ),
            HttpRequestError.ConnectionError => Finding.Fault(
                $"Nobody takes connections at {address.Host}:{address.Port}"
                    + $"{(failure.InnerException is SocketException cause ? $" ({cause.SocketErrorCode})" : "")}.",
                "Start the server or the proxy, or let the firewall pass this port."
            ),
            HttpRequestError.SecureConnectionError => Finding.Fault(
                $"No TLS at {address.Host}:{address.Port}: "
                    + ((failure.InnerException as AuthenticationException)?.Message ?? failure.Message),
                "Let the proxy serve https at this port, with a certificate of this name."
            ),
            _ => Finding.Fault($"The connection broke: {failure.Message}", "Look at the log of the proxy for this minute."),
        };

    private static string TypeOf(HttpContentHeaders headers) => headers.ContentType?.MediaType ?? "without a type";
}
