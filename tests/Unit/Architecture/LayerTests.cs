using System.Reflection;
using System.Xml.Linq;
using MediatR;
using OAuthMcp.Application;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Unit.Architecture;

/// <summary>What each layer may stand on outside of the house, and what a handler may take.</summary>
public sealed class LayerTests
{
    [Theory]
    [InlineData("Domain", "", "")]
    [InlineData(
        "Application",
        "Domain",
        "FluentValidation FluentValidation.DependencyInjectionExtensions MediatR Microsoft.Extensions.Logging.Abstractions"
    )]
    [InlineData("Infrastructure", "Application", null)]
    [InlineData("Api", "Infrastructure", null)]
    [InlineData("Testing", "Api", null)]
    public void Refers_only_to_the_projects_and_packages_of_its_layer(string project, string projects, string? packages)
    {
        var file = XDocument.Load(Path.Combine(Sources.Root, "src", project, $"{project}.csproj"));
        IEnumerable<string> Named(string element) => file.Descendants(element).Select(reference => reference.Attribute("Include")!.Value);
        Assert.Empty(Named("ProjectReference").Select(Path.GetFileNameWithoutExtension).Except(projects.Split(' ')));
        if (packages is not null)
            Assert.Empty(Named("PackageReference").Concat(Named("FrameworkReference")).Except(packages.Split(' ')));
    }

    [Theory]
    [InlineData("Domain", "FluentValidation MediatR Microsoft System.Net.Http")]
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
    [InlineData("Commands")]
    [InlineData("Configuration")]
    [InlineData("Doctor")]
    [InlineData("Http")]
    [InlineData("Mcp")]
    [InlineData("OAuth")]
    [InlineData("Pages")]
    public void Room_of_the_Api_touches_neither_EF_nor_Refit(string folder)
    {
        var files = Directory
            .EnumerateFiles(Path.Combine(Sources.Root, "src", "Api", folder), "*.cs*", SearchOption.AllDirectories)
            .ToList();
        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file =>
            new[] { "Microsoft.EntityFrameworkCore", "DbContext", "using Refit" }.Any(File.ReadAllText(file).Contains)
        );
    }

    [Fact]
    public void Handler_takes_neither_the_mediator_nor_another_handler()
    {
        static bool IsHandler(Type type) =>
            type.GetInterfaces()
                .Append(type)
                .Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IRequestHandler<,>));
        var handlers = typeof(ApplicationServices).Assembly.GetTypes().Where(IsHandler).ToList();
        Assert.NotEmpty(handlers);
        Assert.DoesNotContain(
            handlers
                .SelectMany(handler => handler.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
                .SelectMany(made => made.GetParameters()),
            parameter => parameter.ParameterType == typeof(IMediator) || IsHandler(parameter.ParameterType)
        );
    }

    /// <summary>A tool is audited where its name is known, and a key that is merely proposed counts for nothing yet.</summary>
    [Fact]
    public void Command_leaves_an_event_in_the_audit_trail()
    {
        Type[] without = [typeof(MakeAuthenticatedRequestCommand), typeof(ProposeAuthenticatorCommand)];
        var commands = typeof(ApplicationServices)
            .Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Command", StringComparison.Ordinal) && !type.IsAbstract)
            .ToList();
        Assert.NotEmpty(commands);
        Assert.Equal(
            without.Select(type => type.Name).Order(),
            commands.Where(type => !type.IsAssignableTo(typeof(IAudited))).Select(type => type.Name).Order()
        );
    }

    [Theory]
    [InlineData("src/Api/Mcp")]
    [InlineData("src/Application/Tools")]
    public void H1_no_tool_asks_what_request_is_served_now(string folder)
    {
        var files = Sources.Written(folder).ToList();
        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file => File.ReadAllText(file).Contains("HttpContextAccessor", StringComparison.Ordinal));
    }
}
