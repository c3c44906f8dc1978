using Template._1.Domain;

namespace Template._1.Application;

/// <summary>The use case behind the tool.</summary>
public sealed class SendMessage(IMessageApi api)
{
    public async Task<SentMessage> RunAsync(string text, CancellationToken ct)
    {
        var message = new Message(text);
        return message.Refuse() is { } refusal ? new SentMessage(null, refusal) : await api.SendAsync(message, ct);
    }
}
