using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using OAuthMcp.Application;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure;
using OAuthMcp.Testing;

namespace OAuthMcp.Unit.Architecture;

/// <summary>
/// The five projects as their compiled code has them: every use of a type counts, in a signature, a body, a generic argument or
/// an attribute. Constants alone leave no trace there.
/// </summary>
internal static class House
{
    /// <summary>The folder of types that lie in none: what puts a project together.</summary>
    public const string Root = "(root)";

    private static readonly ArchUnitNET.Domain.Architecture Code = new ArchLoader()
        .LoadAssemblies(
            typeof(Secret).Assembly,
            typeof(ApplicationServices).Assembly,
            typeof(InfrastructureServices).Assembly,
            typeof(Api.Mcp.RequiresScopeAttribute).Assembly,
            typeof(OAuthMcpTestServer).Assembly
        )
        .Build();

    /// <summary>Every use of another type of the house, once a pair.</summary>
    public static IReadOnlyList<Arrow> Arrows { get; } =
    [
        .. Code
            .Types.Where(type => ProjectOf(type) is not null)
            .SelectMany(type => type.Dependencies.Select(dependency => new Arrow(type, dependency.Target)))
            .Where(arrow => ProjectOf(arrow.To) is not null)
            .Distinct(),
    ];

    /// <summary>The arrows between the folders of a project.</summary>
    public static IEnumerable<Arrow> Within(string project) =>
        Arrows.Where(arrow =>
            ProjectOf(arrow.From) == project && ProjectOf(arrow.To) == project && FolderOf(arrow.From) != FolderOf(arrow.To)
        );

    /// <summary>Null for a type of a library or a type parameter, and for what a generator put into a namespace of its own.</summary>
    public static string? ProjectOf(IType type) =>
        type is not GenericParameter
        && type.Namespace?.FullName.Split('.')
            is ["OAuthMcp", ("Domain" or "Application" or "Infrastructure" or "Api" or "Testing") and var project, ..]
            ? project
            : null;

    /// <summary>The type as it runs; null for one that the compiler made.</summary>
    public static System.Type? Load(IType type) => System.Type.GetType($"{type.FullName}, OAuthMcp.{ProjectOf(type)}");

    public static string FolderOf(IType type) => type.Namespace.FullName.Split('.') is [_, _, var folder, ..] ? folder : Root;
}
