using Microsoft.Net.Http.Headers;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.OAuth;

/// <summary>
/// A form-encoded request to an OAuth endpoint. Parameters come from the body alone, an empty one counts as missing, and a repeated
/// one is refused, except <c>resource</c> (RFC 6749 §3.2, RFC 8707 §2).
/// </summary>
internal sealed class OAuthForm
{
    private readonly IFormCollection form;

    private OAuthForm(IFormCollection form) => this.form = form;

    public string? this[string name] => form.TryGetValue(name, out var values) && !string.IsNullOrEmpty(values[0]) ? values[0] : null;

    public IReadOnlyList<string> Resources =>
        form.TryGetValue("resource", out var values)
            ? [.. values.Where(value => !string.IsNullOrEmpty(value)).Select(value => value!)]
            : [];

    public Secret? Secret(string name) => Domain.Protocol.Secret.OrNull(this[name]);

    public static async Task<Result<OAuthForm>> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        // Parsed as the framework does, which reads no form whose type it cannot parse.
        if (
            !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
        )
            return OAuthError.InvalidRequest("The content type must be application/x-www-form-urlencoded.");
        try
        {
            var form = await request.ReadFormAsync(ct);
            // The collection ignores case, so code and Code count as a repeated parameter.
            if (
                form.FirstOrDefault(field => field.Value.Count > 1 && !field.Key.Equals("resource", StringComparison.OrdinalIgnoreCase)) is
                { Key: not null } repeated
            )
                return OAuthError.InvalidRequest("A parameter is given more than once.") with
                {
                    Detail = $"repeated parameter of {repeated.Key.Length} characters",
                };
            return new OAuthForm(form);
        }
        catch (InvalidDataException)
        {
            return OAuthError.InvalidRequest("The form is malformed.");
        }
    }
}
