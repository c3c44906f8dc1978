using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Persistence.Mapping;

internal sealed class TokenHashConverter() : ValueConverter<TokenHash, string>(hash => hash.Value, text => new TokenHash(text));

internal sealed class ScopeSetConverter() : ValueConverter<ScopeSet, string>(scope => scope.ToString(), text => Read(text))
{
    public static ScopeSet Read(string text) => ScopeSet.Of(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}

internal sealed class PkceChallengeConverter()
    : ValueConverter<PkceChallenge, string>(challenge => challenge.Value, text => new PkceChallenge(text));

internal sealed class StringListConverter()
    : ValueConverter<IReadOnlyList<string>, string>(
        list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
        text => JsonSerializer.Deserialize<string[]>(text, JsonSerializerOptions.Default)!
    );

internal sealed class StringListComparer()
    : ValueComparer<IReadOnlyList<string>>(
        (left, right) => left!.SequenceEqual(right!),
        list => list.Aggregate(0, (hash, item) => HashCode.Combine(hash, item.GetHashCode(StringComparison.Ordinal))),
        list => list
    );

internal sealed class ScopeSetComparer() : ValueComparer<ScopeSet>((left, right) => left!.Equals(right), scope => scope.GetHashCode());
