using System.Globalization;

namespace OAuthMcp.Api.Http;

/// <summary>Writes <c>Retry-After</c> for all answers (RFC 9110 §10.2.3): whole seconds, at least one.</summary>
internal static class RetryAfter
{
    public static void Tell(HttpResponse response, TimeSpan wait) =>
        response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
