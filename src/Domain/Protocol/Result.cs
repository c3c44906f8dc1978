using System.Diagnostics.CodeAnalysis;

namespace OAuthMcp.Domain.Protocol;

/// <summary>Either a value or an <see cref="OAuthError"/>. Expected refusals are values, never exceptions.</summary>
internal sealed class Result<T> : IRefusable<Result<T>>
    where T : class
{
    private readonly T? value;

    private Result(T? value, OAuthError? error) => (this.value, Error) = (value, error);

    public OAuthError? Error { get; }

    public static Result<T> Refused(OAuthError error) => new(null, error);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(OAuthError error) => new(null, error);

    /// <summary>True with <paramref name="served"/>, or false with the <paramref name="refusal"/>.</summary>
    public bool Try([NotNullWhen(true)] out T? served, [NotNullWhen(false)] out OAuthError? refusal)
    {
        (served, refusal) = (value, Error);
        return refusal is null;
    }
}
