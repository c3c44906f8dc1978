using System.Net;
using System.Text.Json;
using OAuthMcp.Application.Tools;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Refit;

namespace OAuthMcp.Infrastructure.Downstream;

/// <summary>Turns httpbin's answers and failures into an outcome that a person can read.</summary>
internal sealed class HttpBinClient(IHttpBinApi api, Uri baseAddress) : IHttpBin
{
    public async Task<HttpBinAnswer> GetAnythingAsync(string message, CancellationToken ct)
    {
        var tries = new Tries();
        return new HttpBinAnswer(await AskAsync(message, tries, ct), tries.Sent);
    }

    private async Task<ToolOutcome<Anything>> AskAsync(string message, Tries tries, CancellationToken ct)
    {
        try
        {
            using var response = await api.GetAnythingAsync(message, tries, ct);
            return Read(response, tries);
        }
        catch (TimeoutRejectedException)
        {
            return Trouble("did not answer in time", tries);
        }
        catch (BrokenCircuitException)
        {
            return Trouble("failed often of late and is left alone for a few seconds", tries);
        }
        catch (NoTokenException failure)
        {
            return NoToken(failure);
        }
        catch (HttpRequestException failure)
        {
            return Trouble(Describe(failure), tries);
        }
    }

    private ToolOutcome<Anything> Read(IApiResponse<AnythingBody> response, Tries tries)
    {
        switch (response)
        {
            case { IsSuccessStatusCode: true, Content: { Method: not null, Url: not null } body }:
                return new Anything(body.Method, body.Url, Flatten(body.Args), Flatten(body.Headers));
            case { IsSuccessStatusCode: true }:
                return Trouble("answered something that is not the JSON of /anything", tries);
            case { StatusCode: >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest }:
                return Trouble($"answered {(int)response.StatusCode}, a redirect, which is not followed", tries);
            case { StatusCode: { } status }:
                return Trouble($"answered {(int)status} {response.ReasonPhrase}".TrimEnd(), tries);
            default:
                return response.Error?.InnerException switch
                {
                    TimeoutRejectedException => Trouble("did not answer in time", tries),
                    BrokenCircuitException => Trouble("failed often of late and is left alone for a few seconds", tries),
                    NoTokenException failure => NoToken(failure),
                    HttpRequestException failure => Trouble(Describe(failure), tries),
                    null or IOException or OperationCanceledException => Trouble("could not be reached", tries),
                    { } fault => throw fault, // this server's own, such as a token store that does not answer
                };
        }
    }

    private static ToolOutcome<Anything> NoToken(NoTokenException failure) => new(null, failure.Answer.Failure, failure.Answer.LinkUrl);

    private static string Describe(HttpRequestException failure) =>
        failure.HttpRequestError switch
        {
            HttpRequestError.ConfigurationLimitExceeded => $"answered more than {BearerTokenHandler.MaxAnswerSize / 1024 / 1024} MB",
            HttpRequestError.NameResolutionError => "has a name that does not resolve",
            HttpRequestError.ConnectionError => "refused the connection",
            HttpRequestError.SecureConnectionError => "has no valid certificate",
            _ => "broke off the connection",
        };

    private ToolOutcome<Anything> Trouble(string what, Tries tries)
    {
        var often = tries.Count switch
        {
            0 => "not tried",
            1 => "tried once",
            _ => $"tried {tries.Count} times",
        };
        return new(null, $"The API at {baseAddress.Authority} {what} ({often}).");
    }

    private static Dictionary<string, string> Flatten(Dictionary<string, JsonElement>? values) =>
        (values ?? []).ToDictionary(
            value => value.Key,
            value => value.Value.ValueKind == JsonValueKind.Array ? string.Join(", ", value.Value.EnumerateArray()) : value.Value.ToString()
        );
}
