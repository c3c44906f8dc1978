using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Discovery;
using OAuthMcp.Application.Pipeline;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Application.Tools;
using OAuthMcp.Application.Upstream;

namespace OAuthMcp.Application;

internal static class ApplicationServices
{
    /// <summary>The use cases, their validators and the pipeline in front of them.</summary>
    public static IServiceCollection AddApplication(this IServiceCollection services)
    {
        services.AddSingleton<ClientResolver>();
        services.AddSingleton<MetClients>();
        services.AddSingleton<RegistrationShares>();
        services.AddSingleton<OpenShares>();
        services.AddScoped<Admission>();
        services.AddScoped<ClientDirectory>();
        services.AddScoped<ClientAuthenticator>();
        services.AddScoped<RegistrationAccess>();
        services.AddScoped<OpenRequests>();
        services.AddScoped<Answers>();
        services.AddScoped<CodeIssuer>();
        services.AddScoped<UpstreamCallbacks>();
        services.AddScoped<UpstreamRefusals>();
        services.AddScoped<TokenIssuer>();
        services.AddScoped<LiveGrants>();
        services.AddScoped<AccessTokens>();
        services.AddScoped<StoredTokens>();
        services.AddSingleton<IAccessTokenChecks, BearerTokens>();
        return services.AddMediator(_ => true);
    }

    /// <summary>
    /// The part that needs no authorization server here: the tools, the check of the tokens for them, and the resource metadata.
    /// </summary>
    public static IServiceCollection AddResourceServer(this IServiceCollection services) =>
        services.AddMediator(handler =>
            handler.Namespace == typeof(IHttpBin).Namespace
            || handler == typeof(CheckAccessTokenHandler)
            || handler == typeof(ExplainTokenHandler)
            || handler == typeof(GetResourceMetadataHandler)
        );

    /// <summary>The tools alone: whoever started the process is the only caller, and no token is checked.</summary>
    public static IServiceCollection AddLocalTools(this IServiceCollection services) =>
        services.AddMediator(handler => handler.Namespace == typeof(IHttpBin).Namespace);

    /// <summary>What the tools need to call the API with the user's own token at a provider.</summary>
    public static IServiceCollection AddUpstreamTokens(this IServiceCollection services)
    {
        services.AddSingleton<UpstreamRenewals>();
        services.AddSingleton<IUpstreamRenewals>(provider => provider.GetRequiredService<UpstreamRenewals>());
        return services.AddSingleton<IDownstreamTokens, UpstreamTokens>();
    }

    // MediatR 5.1 comes without registration, so all that is used of it is registered here.
    private static IServiceCollection AddMediator(this IServiceCollection services, Func<Type, bool> isServed)
    {
        services.AddValidatorsFromAssembly(typeof(ApplicationServices).Assembly, ServiceLifetime.Singleton, includeInternalTypes: true);
        services.AddTransient<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddTransient<IMediator, Mediator>();
        services.TryAddScoped<CurrentAct>();
        services.TryAddSingleton<IRequestOrigin, NoRequest>();
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(TracingBehavior<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(LoggingBehavior<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(AuditBehavior<,>)); // outside of the validation, whose refusals count
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));
        foreach (
            var handler in typeof(ApplicationServices)
                .Assembly.GetTypes()
                .Where(type => type is { IsClass: true, IsAbstract: false } && isServed(type))
        )
        foreach (
            var contract in handler
                .GetInterfaces()
                .Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IRequestHandler<,>))
        )
            services.AddTransient(contract, handler);
        return services;
    }
}
