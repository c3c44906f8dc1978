using OAuthMcp.Client.Terminal;

namespace OAuthMcp.Client.OAuth;

/// <summary>
/// Turns a challenge into an access token, straight down: who asks (RFC 9728), who signs in there (RFC 8414), refresh
/// what there is (RFC 6749 §6), or ask the user (<see cref="CodeFlow"/>), or be a machine in its own name (§4.4).
/// </summary>
internal sealed class TokenSource(ClientOptions options, HttpClient http, TokenStore store, CodeFlow codeFlow, Narrator narrator)
    : IDisposable
{
    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private readonly Discovery discovery = new(http, options.Server);
    private readonly Registration registration = new(options, http);
    private SignIn? current = options.IsMachine ? null : store.OfServer().FirstOrDefault();
    private string[]? askedNow;
    private OAuthException? failure;

    /// <summary>The token to try; null when there is none that lives.</summary>
    public string? Token => current?.Tokens is { } tokens && !(tokens.ExpiresAt <= DateTimeOffset.UtcNow) ? tokens.AccessToken : null;

    /// <param name="refused">The token that the challenge refuses. Another request may have replaced it meanwhile.</param>
    /// <exception cref="OAuthException">There is none to be had. It stays so: the person is asked once.</exception>
    public async Task<string> AnswerAsync(Challenge challenge, string? refused, CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            if (failure is not null)
                throw failure;
            if (Token is { } newer && newer != refused)
                return newer;
            current = await SignInAsync(challenge, ct);
            if (!options.IsMachine)
                store.Save(current); // before its first use: an old refresh token may be dead by now
            return current.Tokens!.AccessToken;
        }
        catch (OAuthException refusal)
        {
            failure = refusal;
            throw;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    private async Task<SignIn> SignInAsync(Challenge challenge, CancellationToken ct)
    {
        narrator.Step(
            challenge.IsInsufficientScope ? $"{options.Server} wants more scope: {challenge.Scope}" : $"{options.Server} wants a token"
        );
        var resource = await discovery.FindResourceAsync(challenge, ct);
        narrator.Step(
            $"Resource {resource.Resource}; its users sign in at {string.Join(" or ", resource.AuthorizationServers)} (RFC 9728)"
        );
        var server = await discovery.FindServerAsync(IssuerOf(resource), ct);
        narrator.Step($"Authorization server {server.Issuer} (RFC 8414)");

        var kept =
            current is not null && current.Issuer == server.Issuer && current.Resource == resource.Resource ? current
            : options.IsMachine ? null
            : store.Find(server.Issuer!, resource.Resource!);
        if (!challenge.IsInsufficientScope && kept?.Tokens?.RefreshToken is not null)
        {
            kept = await RefreshAsync(server, kept, ct);
            if (kept?.Tokens is not null)
                return kept;
        }

        var scope = ScopeFor(challenge, resource, server, kept);
        var signIn = options.IsMachine
            ? await AskAsMachineAsync(server, resource.Resource!, scope, challenge, ct)
            : await codeFlow.RunAsync(server, resource.Resource!, scope, kept?.Client, ct);
        narrator.Done($"Granted {signIn.Tokens!.Scope ?? "what the server saw fit"}{Narrator.Until(signIn.Tokens)}");
        return signIn;
    }

    // RFC 9728 §7.6 leaves the choice to the client. A given client belongs to one issuer, and its secret goes to no other.
    private string IssuerOf(ResourceMetadata resource)
    {
        var earlier = store.OfServer().Select(kept => kept.Issuer).ToList();
        if (options.Issuer is { } wanted)
            return resource.AuthorizationServers.Contains(wanted)
                ? wanted
                : throw new OAuthException($"{resource.Resource} is not signed in to at {wanted}.");
        if (resource.AuthorizationServers.FirstOrDefault(earlier.Contains) is { } known)
            return known;
        if (options.ClientId is { } id && earlier is [var other, ..])
            throw new OAuthException(
                $"The client {id} belongs to {other}, and {resource.Resource} has moved to {resource.AuthorizationServers[0]}. "
                    + "Sign out of the old one by logout, then give a client of the new one."
            );
        return resource.AuthorizationServers[0];
    }

    /// <returns>The sign-in with fresh tokens; without tokens when its grant is over; null when the server does not know the client any
    /// more.</returns>
    private async Task<SignIn?> RefreshAsync(ServerMetadata server, SignIn kept, CancellationToken ct)
    {
        try
        {
            var endpoint = new TokenEndpoint(http, server, registration.Given(server) ?? kept.Client, options);
            var tokens = await endpoint.RefreshAsync(kept.Tokens!, kept.Resource, ct);
            narrator.Done($"Refreshed{Narrator.Until(tokens)}");
            return kept with { Tokens = tokens };
        }
        catch (OAuthException refusal) when (refusal.Error is "invalid_grant" or "invalid_client" or "unauthorized_client")
        {
            narrator.Step($"The earlier sign-in is over: {refusal.Error}");
            return refusal.Error == "invalid_grant" ? kept with { Tokens = null } : null;
        }
    }

    private async Task<SignIn> AskAsMachineAsync(
        ServerMetadata server,
        string resource,
        string? scope,
        Challenge challenge,
        CancellationToken ct
    )
    {
        var client = registration.Given(server)
            ?? throw new OAuthException("A machine needs --client_id, and --client_secret or --private-key.");
        var endpoint = new TokenEndpoint(http, server, client, options);
        Tokens tokens;
        try
        {
            tokens = await endpoint.RequestForClientAsync(resource, scope, ct);
        }
        catch (OAuthException refusal)
            when (refusal.Error == "invalid_scope" && scope is not null && options.Scope is null && !challenge.IsInsufficientScope)
        {
            narrator.Step($"Not all of {scope} is for {client.ClientId}: asking for what is");
            tokens = await endpoint.RequestForClientAsync(resource, scope: null, ct);
        }

        return new SignIn(options.Server.AbsoluteUri, server.Issuer!, resource, client, tokens, scope);
    }

    /// <summary>MCP's scope selection strategy; a step-up asks for the union of what was asked before and what is missing.</summary>
    private string? ScopeFor(Challenge challenge, ResourceMetadata resource, ServerMetadata server, SignIn? kept)
    {
        var missing = challenge.IsInsufficientScope
            ? challenge.Scope
            : options.Scope ?? challenge.Scope ?? (resource.ScopesSupported is { } all ? string.Join(' ', all) : null);
        if (challenge.IsInsufficientScope && askedNow is not null && Words(missing).All(askedNow.Contains))
            throw new OAuthException($"{options.Server} wants {missing ?? "more scope"}, which was asked for and not granted.");
        var scopes = Words(kept?.AskedScope).Union(Words(missing)).ToList();
        if (scopes.Count > 0 && !options.IsMachine && server.ScopesSupported?.Contains("offline_access") == true)
            scopes.Add("offline_access"); // MCP, refresh tokens
        askedNow = [.. scopes];
        return scopes.Count == 0 ? null : string.Join(' ', scopes.Distinct());
    }

    private static string[] Words(string? scope) => scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
