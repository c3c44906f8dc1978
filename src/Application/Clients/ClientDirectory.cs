using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>
/// Finds the client of a client_id: one that is configured, then a stored one, then the one that the document at this URL
/// describes. A disabled client is not found.
/// </summary>
internal sealed class ClientDirectory(
    IClientStore store,
    IMetadataDocuments documents,
    MetClients met,
    OAuthSettings settings,
    TimeProvider time
)
{
    /// <summary>For how long after its time a document is used while its host does not answer.</summary>
    private static readonly TimeSpan LongestStale = TimeSpan.FromHours(24);

    /// <summary>
    /// The client as it is known here. One of a document counts as it was when a user last met it, so that its tokens survive an
    /// outage of its host.
    /// </summary>
    public async Task<Client?> FindAsync(string? clientId, CancellationToken ct)
    {
        if (clientId is not { Length: > 0 and <= WebUrl.MaxLength })
            return null;
        if (settings.Clients.TryGetValue(clientId, out var configured))
            return configured;
        return
            (await store.FindAsync(clientId, ct) ?? met.Find(clientId)) is { IsDisabled: false } client
            && (client.Origin != ClientOrigin.MetadataDocument || IsAllowedDocument(clientId))
            ? client
            : null;
    }

    /// <summary>The client as it describes itself today, for the page on which a user meets it.</summary>
    public async Task<Result<Client>> ResolveAsync(string? clientId, CancellationToken ct)
    {
        if (clientId is null || !IsAllowedDocument(clientId) || settings.Clients.ContainsKey(clientId))
            return await FindAsync(clientId, ct) is { } other ? other : OAuthError.InvalidRequest("client_id names no registered client.");

        var stored = await store.FindAsync(clientId, ct);
        if (stored is { IsDisabled: true })
            return OAuthError.InvalidRequest("client_id names no registered client.");
        var (known, now) = (stored ?? met.Find(clientId), time.GetUtcNow());
        if (known?.FreshUntil > now)
            return known;

        if (!(await documents.FetchAsync(clientId, ct)).Try(out var document, out var refusal))
            return known?.FreshUntil + LongestStale > now && refusal.Code == "temporarily_unavailable" ? known! : Unusable(refusal);
        if (!document.Metadata.CheckDocument(clientId, settings.PrivateUseSchemes, AllowsLoopback).Try(out var metadata, out refusal))
            return Unusable(refusal);
        var client = metadata.ToClient(clientId, ClientOrigin.MetadataDocument, known?.CreatedAt ?? now) with
        {
            FreshUntil = now + document.FreshFor,
        };
        if (stored is null)
            met.Remember(client);
        else
            await store.ReplaceAsync(client, ct);
        return client;
    }

    /// <summary>The client that a user met a moment ago. If this process does not know it, its document is read again.</summary>
    public async Task<Client?> RecallAsync(string clientId, CancellationToken ct) =>
        await FindAsync(clientId, ct) ?? ((await ResolveAsync(clientId, ct)).Try(out var client, out _) ? client : null);

    /// <summary>Stores the client as it described itself to a user who has now allowed it something.</summary>
    public async Task KeepAsync(Client client, CancellationToken ct)
    {
        if (client.Origin == ClientOrigin.MetadataDocument && await store.FindAsync(client.Id, ct) is null)
            await store.ReplaceAsync(client, ct);
    }

    private bool AllowsLoopback => settings.MetadataDocuments is { AllowLoopback: true };

    private bool IsAllowedDocument(string clientId) =>
        settings.MetadataDocuments is { } policy
        && WebUrl.IsClientId(clientId, policy.AllowLoopback)
        && (policy.AllowedHosts.Count == 0 || policy.AllowedHosts.Contains(WebUrl.Host(clientId)!));

    // A developer reads on the page what is wrong with the document. Otherwise the log alone says it.
    private OAuthError Unusable(OAuthError reason)
    {
        const string Unusable = "The application's metadata document cannot be used";
        var why = reason.Detail ?? reason.Description;
        return OAuthError.InvalidRequest(AllowsLoopback ? $"{Unusable}: {why}" : $"{Unusable}.") with { Detail = why };
    }
}
