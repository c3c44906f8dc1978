using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>
/// PostgreSQL's texts hold no NUL, and a stranger may send one. It becomes the character for what cannot be shown, so that such a
/// name is found nowhere and refused as any other unknown one.
/// </summary>
internal sealed class TextConverter() : ValueConverter<string, string>(text => text.Replace('\0', '\uFFFD'), text => text);
