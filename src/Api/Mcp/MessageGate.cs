using System.Text.Json;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Reads a message as far as the gates behind need it. It answers itself where the SDK would throw or leave out the id of the
/// message.
/// </summary>
internal sealed class MessageGate(RequestDelegate next)
{
    private const string Answers = "application/json, text/event-stream";

    public async Task InvokeAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            await next(http);
            return;
        }

        var message = await MessageEnvelope.OfAsync(http);
        if (http.Request.Headers.Accept.Count == 0)
            http.Request.Headers.Accept = Answers; // RFC 9110 §12.5.1: without the header, anything is accepted
        else if (!AcceptsBoth(http.Request))
        {
            await http.AnswerAsync(406, RpcErrors.InvalidRequest, $"The client must accept {Answers}.", message.Id);
            return;
        }

        try
        {
            await next(http);
        }
        catch (Exception failure)
            when (!http.Response.HasStarted && failure is JsonException or FormatException or InvalidOperationException or ArgumentException
            )
        {
            // These come from reading the message and not from a tool: members of a wrong type, repeated members, invalid text.
            http.Response.Clear();
            http.Explain(
                OAuthError.InvalidRequest("The message cannot be read.") with
                {
                    Detail = $"unreadable: {failure.GetType().Name}",
                }
            );
            await http.AnswerAsync(400, RpcErrors.InvalidRequest, "The message cannot be read.", message.Id);
        }
    }

    private static bool AcceptsBoth(HttpRequest request)
    {
        if (request.Headers.Accept == Answers)
            return true; // as most clients spell it, which saves parsing it
        var accepted = request.GetTypedHeaders().Accept;
        return accepted.Any(type => type.MatchesMediaType("application/json"))
            && accepted.Any(type => type.MatchesMediaType("text/event-stream"));
    }
}
