namespace OAuthMcp.Infrastructure.Persistence.Revocations;

/// <summary>Is told of what ended anywhere, as soon as this process hears of it.</summary>
internal interface IRevocationHearer
{
    Task HearAsync(Revocation ended, CancellationToken ct);
}
