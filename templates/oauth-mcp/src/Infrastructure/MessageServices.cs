using Microsoft.Extensions.DependencyInjection;
using Template._1.Application;

namespace Template._1.Infrastructure;

public static class MessageServices
{
    public static IServiceCollection AddMessages(this IServiceCollection services, Uri baseAddress)
    {
        services.AddHttpClient<IMessageApi, MessageApi>(http => http.BaseAddress = baseAddress);
        return services.AddTransient<SendMessage>();
    }
}
