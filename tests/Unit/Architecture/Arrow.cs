using ArchUnitNET.Domain;

namespace OAuthMcp.Unit.Architecture;

/// <summary>One type of the house names another.</summary>
internal sealed record Arrow(IType From, IType To)
{
    public override string ToString() => $"{From.FullName} -> {To.FullName}";
}
