using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Api.Accounts;

/// <summary>Passkeys by ASP.NET Core Identity. They are not in Infrastructure, since Identity's handler needs the request.</summary>
internal sealed class IdentityPasskeys(
    IPasskeyHandler<Account> handler,
    UserManager<Account> users,
    IHttpContextAccessor http,
    PasskeyStates states
) : IPasskeys, IPasskeySignIn
{
    private HttpContext Http => http.HttpContext ?? throw new InvalidOperationException("Passkeys need a request.");

    public async Task<IReadOnlyList<Passkey>> ListAsync(string subject, CancellationToken ct) =>
        [.. (await users.GetPasskeysAsync(await GetAccountAsync(subject))).OrderBy(passkey => passkey.CreatedAt).Select(Describe)];

    public async Task<PasskeyCeremony> BeginAddingAsync(SignedInAccount account, CancellationToken ct)
    {
        var made = await handler.MakeCreationOptionsAsync(
            new PasskeyUserEntity
            {
                Id = account.Subject,
                Name = account.UserName,
                DisplayName = account.UserName,
            },
            Http
        );
        return new PasskeyCeremony(made.CreationOptionsJson, states.Seal(made.AttestationState!));
    }

    public async Task<Result<Passkey>> AddAsync(string subject, string? name, PasskeyAnswer answer, CancellationToken ct)
    {
        if (await states.OpenAsync(answer.State, ct) is not { } state)
            return Refused("its challenge is unknown, late or used");
        var result = await handler.PerformAttestationAsync(
            new PasskeyAttestationContext
            {
                HttpContext = Http,
                CredentialJson = answer.Credential.Reveal(),
                AttestationState = state,
            }
        );
        if (!result.Succeeded)
            return Refused(result.Failure.Message);
        if (result.UserEntity.Id != subject)
            return Refused("it was made for another account");
        result.Passkey.Name = name;
        var added = await users.AddOrUpdatePasskeyAsync(await GetAccountAsync(subject), result.Passkey);
        return added.Succeeded ? Describe(result.Passkey) : Refused(added.ToString());
    }

    public async Task RemoveAsync(string subject, string id, CancellationToken ct)
    {
        if (Base64Url.IsValid(id))
            await users.RemovePasskeyAsync(await GetAccountAsync(subject), Base64Url.DecodeFromChars(id));
    }

    public async Task<PasskeyCeremony> BeginAsync(CancellationToken ct)
    {
        var made = await handler.MakeRequestOptionsAsync(null, Http);
        return new PasskeyCeremony(made.RequestOptionsJson, states.Seal(made.AssertionState!));
    }

    public async Task<SignInOutcome> FinishAsync(PasskeyAnswer answer, CancellationToken ct)
    {
        if (await states.OpenAsync(answer.State, ct) is not { } state)
            return new SignInOutcome.WrongPassword();
        var result = await handler.PerformAssertionAsync(
            new PasskeyAssertionContext
            {
                HttpContext = Http,
                CredentialJson = answer.Credential.Reveal(),
                AssertionState = state,
            }
        );
        // An account that signs in at a provider does so there alone, since the provider may have shut it out by now.
        if (!result.Succeeded || result.User is not { DisabledAt: null, PasswordHash: not null })
            return new SignInOutcome.WrongPassword();
        var counted = await users.AddOrUpdatePasskeyAsync(result.User, result.Passkey); // its signature counter
        return counted.Succeeded
            ? new SignInOutcome.SignedIn(new SignedInAccount(result.User.Id, result.User.UserName!))
            : new SignInOutcome.WrongPassword();
    }

    private async Task<Account> GetAccountAsync(string subject) =>
        await users.FindByIdAsync(subject) ?? throw new InvalidOperationException("The session of an account that is gone.");

    private static Passkey Describe(UserPasskeyInfo passkey) =>
        new(Base64Url.EncodeToString(passkey.CredentialId), passkey.Name, passkey.CreatedAt);

    private static OAuthError Refused(string detail) => OAuthError.InvalidRequest("The passkey was not accepted.") with { Detail = detail };
}
