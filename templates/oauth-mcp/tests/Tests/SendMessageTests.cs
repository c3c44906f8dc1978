using Template._1.Application;
using Template._1.Domain;

namespace Template._1.Tests;

public sealed class SendMessageTests : IMessageApi
{
    private readonly List<Message> sent = [];

    [Fact]
    public async Task Sends_what_may_be_sent_and_nothing_else()
    {
        var send = new SendMessage(this);
        Assert.Equal("hello", (await send.RunAsync("hello", TestContext.Current.CancellationToken)).Arrived);
        Assert.Equal("The message is empty.", (await send.RunAsync("", TestContext.Current.CancellationToken)).Failure);
        Assert.Equal(new Message("hello"), Assert.Single(sent));
    }

    Task<SentMessage> IMessageApi.SendAsync(Message message, CancellationToken ct)
    {
        sent.Add(message);
        return Task.FromResult(new SentMessage(message.Text, null));
    }
}
