using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediatR;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Commands;

/// <summary>One run of a verb: its arguments, the use case that does the work, and what is printed.</summary>
internal sealed class VerbRun(ParseResult parsed, IMediator mediator, bool isJson)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public T? Value<T>(Argument<T> argument) => parsed.GetValue(argument);

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>What the use case answers.</summary>
    /// <exception cref="ConfigurationException">It refuses; the sentence says why.</exception>
    public async Task<T> SendAsync<T>(IRequest<Result<T>> request, CancellationToken ct)
        where T : class =>
        (await mediator.Send(request, ct)).Try(out var answer, out var refusal)
            ? answer
            : throw new ConfigurationException(refusal.Description);

    /// <summary>Prints text for people, or the same as JSON for programs.</summary>
    public Task PrintAsync(string text, object data) => Console.Out.WriteLineAsync(isJson ? JsonSerializer.Serialize(data, Json) : text);

    /// <summary>Prints a line for each, or all of them as one JSON array.</summary>
    public async Task PrintAsync<T>(IReadOnlyList<T> items, Func<T, string> line)
    {
        if (isJson)
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(items, Json));
        else
            foreach (var item in items)
                await Console.Out.WriteLineAsync(line(item));
    }
}
