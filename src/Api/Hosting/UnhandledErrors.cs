using System.Data.Common;
using Microsoft.AspNetCore.Connections;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Api.Http;
using OAuthMcp.Api.Pages;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Hosting;

/// <summary>
/// Turns exceptions into answers. Storage failures are 503 <c>temporarily_unavailable</c>, since they are no fault of the
/// credentials; all others are 500 <c>server_error</c> with a reference alone.
/// </summary>
internal sealed class UnhandledErrors(RequestDelegate next, ILogger<UnhandledErrors> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (
                http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null }
                && !HttpMethods.IsHead(http.Request.Method)
            )
                await AnswerAsync(http, null);
        }
        catch (Exception failure) when (HasLeft(http, failure))
        {
            http.Items[RequestLog.ClientLeft] = true; // the client has left, so that it is no failure of ours and nobody reads an answer
            http.Abort(); // or Kestrel waits for the rest of the body and logs an error
        }
        catch (BadHttpRequestException failure) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = failure.StatusCode;
            await AnswerAsync(
                http,
                OAuthError.InvalidRequest(failure.StatusCode == 413 ? "The request is too large." : "The request is malformed.")
            );
        }
        catch (Exception failure) when (!http.Response.HasStarted)
        {
            var error = IsOfStorage(failure) ? OAuthError.TemporarilyUnavailable() : OAuthError.ServerError();
            Tell(http, failure, error);
            http.Response.Clear();
            http.Response.StatusCode = OAuthResults.StatusOf(error);
            await AnswerAsync(http, error);
        }
    }

    // In the line of the request, where it leaves one.
    private void Tell(HttpContext http, Exception failure, OAuthError error)
    {
        http.Items[RequestLog.Failure] = failure;
        if (!http.Items.ContainsKey(RequestLog.IsOn))
            log.LogError(
                failure,
                "{Method} {Path} failed with {ErrorCode}",
                http.Request.Method,
                http.Request.Path.ToUriComponent(),
                error.Code
            );
    }

    // Whoever repeats statements wraps the last failure into an exception of its own.
    private static bool IsOfStorage(Exception? failure) =>
        failure is DbException or DbUpdateException or TimeoutException || (failure?.InnerException is { } inner && IsOfStorage(inner));

    // Kestrel has no exception type of its own for a body that ends too early.
    private static bool HasLeft(HttpContext http, Exception? failure) =>
        http.RequestAborted.IsCancellationRequested
        || failure
            is ConnectionResetException
                or ConnectionAbortedException
                or BadHttpRequestException { StatusCode: 400, Message: "Unexpected end of request content." }
        || (failure?.InnerException is { } inner && HasLeft(http, inner));

    private static Task AnswerAsync(HttpContext http, OAuthError? error)
    {
        error ??= http.Response.StatusCode switch
        {
            404 => new OAuthError("not_found", "There is nothing here."),
            405 => new OAuthError("method_not_allowed", "This method is not allowed here."),
            _ => OAuthError.InvalidRequest("The request was refused."),
        };
        return IsForPeople(http)
            ? new RefusalPage(error, http.Response.StatusCode).ExecuteAsync(http)
            : OAuthResults.Error(error, http.Response.StatusCode).ExecuteAsync(http);
    }

    private static bool IsForPeople(HttpContext http) =>
        http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !http.Request.Path.StartsWithSegments("/.well-known");
}
