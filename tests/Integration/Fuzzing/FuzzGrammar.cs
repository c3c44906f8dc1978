using System.Text;

namespace OAuthMcp.Integration.Fuzzing;

/// <summary>
/// Requests that no client should send: each takes a good shape and bends it. Well framed, so that the connection
/// lives on. The seed decides all of them.
/// </summary>
/// <param name="server">Scheme and authority of the server.</param>
/// <param name="routes">The patterns of its routes.</param>
internal sealed class FuzzGrammar(
    int seed,
    Uri server,
    IReadOnlyList<string> routes,
    string clientId,
    string accessToken,
    FuzzSession session
)
{
    private readonly FuzzDice dice = new(seed);

    /// <summary>The browser that the requests come from as often as not.</summary>
    public FuzzSession Session => session;

    /// <summary>The bytes of each request, one to a character.</summary>
    public IEnumerable<string> Requests()
    {
        var targets = new FuzzTargets(dice, routes, clientId);
        var headers = new FuzzHeaders(dice, server, clientId, accessToken) { Cookies = () => session.Cookies };
        var forms = new FuzzForms(dice, server, clientId, accessToken) { Session = session };
        var bodies = new FuzzBodies(dice, forms);
        while (true)
        {
            var path = targets.Path();
            yield return Request(targets.Method(path), path, headers, forms, bodies);
        }
    }

    private string Request(string method, string path, FuzzHeaders headers, FuzzForms forms, FuzzBodies bodies)
    {
        var isAsked = path is "/authorize" or "/signin" or "/consent" or "/signin/callback/github";
        var query = dice.Chance(isAsked && method == "GET" ? 9 : 2, 10) ? "?" + (dice.Chance(2) ? forms.Any() : forms.Of(path)) : "";
        var request = new StringBuilder($"{method} {FuzzTargets.Line(path + query[..Math.Min(query.Length, 7000)])} HTTP/1.1\r\n");
        request.Append(null, $"Host: {headers.Host}\r\n");
        foreach (var header in headers.All(path))
            request.Append(header).Append("\r\n");
        if (method is not ("POST" or "PUT" or "PATCH") && !dice.Chance(20))
            return request.Append("\r\n").ToString();
        var (type, body) = bodies.Next(path);
        if (type is not null)
            request.Append(null, $"Content-Type: {type}\r\n");
        if (!dice.Chance(10))
            return request.Append(null, $"Content-Length: {body.Length}\r\n\r\n{body}").ToString();
        return request
            .Append("Transfer-Encoding: chunked\r\n\r\n")
            .Append(body.Length == 0 ? "" : $"{body.Length:x}\r\n{body}\r\n")
            .Append("0\r\n\r\n")
            .ToString();
    }
}
