using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MediatR;
using OAuthMcp.Api.Pages;
using OAuthMcp.Application;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Architecture;

/// <summary>The arrows of the house: projects and packages from the csproj files, features from the types.</summary>
public sealed class LayerTests
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Type[] Types = [.. typeof(Secret).Assembly.GetTypes(), .. typeof(ApplicationServices).Assembly.GetTypes()];
    private static readonly string Source = Path.Combine(Root(new DirectoryInfo(AppContext.BaseDirectory)), "src");

    [Theory]
    [InlineData("Domain", "", "")]
    [InlineData(
        "Application",
        "Domain",
        "FluentValidation FluentValidation.DependencyInjectionExtensions MediatR Microsoft.Extensions.Logging.Abstractions"
    )]
    [InlineData("Infrastructure", "Application", null)]
    [InlineData("Api", "Infrastructure", null)]
    public void Refers_only_to_the_projects_and_packages_of_its_layer(string project, string projects, string? packages)
    {
        var file = XDocument.Load(Path.Combine(Source, project, $"{project}.csproj"));
        IEnumerable<string> Named(string element) => file.Descendants(element).Select(reference => reference.Attribute("Include")!.Value);
        Assert.Empty(Named("ProjectReference").Select(Path.GetFileNameWithoutExtension).Except(projects.Split(' ')));
        if (packages is not null)
            Assert.Empty(Named("PackageReference").Concat(Named("FrameworkReference")).Except(packages.Split(' ')));
    }

    [Theory]
    [InlineData(
        "Application",
        "Microsoft.EntityFrameworkCore Microsoft.AspNetCore Microsoft.Extensions.Http System.Net.Http Refit Polly Serilog ModelContextProtocol"
    )]
    [InlineData("Infrastructure", "Microsoft.AspNetCore.Http MediatR ModelContextProtocol")]
    public void Uses_nothing_that_belongs_to_another_layer(string project, string never) =>
        Assert.DoesNotContain(Assembly.Load($"OAuthMcp.{project}").GetReferencedAssemblies(), used =>
            never.Split(' ').Any(name => used.Name!.StartsWith(name, StringComparison.Ordinal))
        );

    [Theory]
    [InlineData("Protocol", "")]
    [InlineData("Settings", "Protocol Clients Upstream")]
    [InlineData("Clients", "Protocol Settings")]
    [InlineData("Tokens", "Protocol Settings Clients")]
    [InlineData("Authorize", "Protocol Settings Clients Tokens")]
    [InlineData("Discovery", "Protocol Settings Tokens")]
    [InlineData("Tools", "Protocol Settings")]
    [InlineData("Accounts", "Protocol Settings")]
    [InlineData("Upstream", "Protocol Settings Clients Tokens Authorize Accounts Tools")]
    public void Feature_knows_only_those_it_builds_on(string feature, string known)
    {
        var types = Types.Where(type => FeatureOf(type) == feature).ToList();
        Assert.NotEmpty(types);
        Assert.Empty(
            types.SelectMany(type => Mentioned(type).Select(FeatureOf)).OfType<string>().Distinct().Except([feature, .. known.Split(' ')])
        );
    }

    [Fact]
    public void Handler_takes_neither_the_mediator_nor_another_handler()
    {
        static bool IsHandler(Type type) =>
            type.GetInterfaces()
                .Append(type)
                .Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IRequestHandler<,>));
        var handlers = Types.Where(IsHandler).ToList();
        Assert.NotEmpty(handlers);
        Assert.DoesNotContain(
            handlers.SelectMany(handler => handler.GetConstructors(Declared)).SelectMany(made => made.GetParameters()),
            parameter => parameter.ParameterType == typeof(IMediator) || IsHandler(parameter.ParameterType)
        );
    }

    [Fact]
    public void Only_the_composition_root_of_the_Api_names_Infrastructure_EF_or_Refit() =>
        Assert.DoesNotContain(
            Directory
                .GetDirectories(Path.Combine(Source, "Api"))
                .Where(folder => Path.GetFileName(folder) is not ("Hosting" or "Accounts" or "Commands" or "bin" or "obj"))
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs*", SearchOption.AllDirectories)),
            file =>
                Regex.IsMatch(
                    File.ReadAllText(file),
                    @"OAuthMcp\.Infrastructure|(?<![.\w])Infrastructure\.|EntityFrameworkCore|DbContext|\bRefit\b"
                )
        );

    private static string? FeatureOf(Type type) =>
        type.Namespace?.Split('.') is ["OAuthMcp", "Domain" or "Application", var feature] ? feature : null;

    private static IEnumerable<Type> Mentioned(Type type) =>
        type.GetFields(Declared)
            .Select(field => field.FieldType)
            .Concat(
                type.GetConstructors(Declared)
                    .Concat<MethodBase>(type.GetMethods(Declared))
                    .SelectMany(method =>
                        method
                            .GetParameters()
                            .Select(parameter => parameter.ParameterType)
                            .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [])
                    )
            )
            .Concat(type.GetMethods(Declared).Select(method => method.ReturnType))
            .Concat(type.GetInterfaces())
            .SelectMany(Parts);

    private static IEnumerable<Type> Parts(Type type) =>
        type.GetElementType() is { } element ? Parts(element) : type.GetGenericArguments().SelectMany(Parts).Append(type);

    private static string Root(DirectoryInfo folder) => folder.GetFiles("OAuthMcp.sln").Length > 0 ? folder.FullName : Root(folder.Parent!);
}
