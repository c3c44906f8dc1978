using Microsoft.AspNetCore.Http;

namespace OAuthMcp.Integration.Doctor;

/// <summary>One thing that a proxy does wrong.</summary>
internal sealed record Damage
{
    /// <summary>Answers itself, and says so.</summary>
    public Func<HttpContext, bool>? Answers { get; init; }

    /// <summary>Changes what is sent on.</summary>
    public Action<HttpRequestMessage>? Request { get; init; }

    /// <summary>Changes the head of an answer.</summary>
    public Action<HttpContext>? Head { get; init; }

    /// <summary>Changes the body of an answer.</summary>
    public Func<HttpContext, string, string>? Body { get; init; }

    /// <summary>Sends a stream on when it has ended.</summary>
    public bool GathersStreams { get; init; }

    /// <summary>Hangs up on a stream after its first event.</summary>
    public bool CutsStreams { get; init; }
}
