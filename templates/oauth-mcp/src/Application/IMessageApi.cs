using Template._1.Domain;

namespace Template._1.Application;

/// <summary>The API that takes messages, in the name of whoever calls the tool.</summary>
public interface IMessageApi
{
    Task<SentMessage> SendAsync(Message message, CancellationToken ct);
}
