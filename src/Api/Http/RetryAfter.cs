using System.Globalization;

namespace OAuthMcp.Api.Http;

/// <summary>The one writer of <c>Retry-After</c> (RFC 9110 §10.2.3): whole seconds, at least one.</summary>
internal static class RetryAfter
{
    public static void Tell(HttpResponse response, TimeSpan wait) =>
        response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
