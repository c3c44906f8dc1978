using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Calls of a session whose connection is gone. They go on (MCP 2025-11-25, "Sending Messages to the Server"), though nobody hears of
/// them any more, and no user has more of them than it may run at a time: its own oldest is cancelled for one more.
/// </summary>
internal sealed class AbandonedCalls(ServerSettings settings, RequestWatch watch, ILogger<AbandonedCalls> log)
{
    private readonly Dictionary<string, List<OpenRequest>> calls = new(StringComparer.Ordinal);

    /// <summary>Looks after a call until it is over. Its place among the running requests is free as soon as it has one here.</summary>
    public async Task KeepAsync(Caller caller, OpenRequest request)
    {
        try
        {
            await using var watched = watch.Begin(null, caller, request);
            // A tool may stop late or never. Until it has stopped, the newer call keeps its own place.
            while (!request.Over.IsCompleted && Enter(caller.Subject, request) is { } oldest)
            {
                await oldest.EndAsync("Calls that were abandoned later made it go.", TimeSpan.Zero);
                await Task.WhenAny(oldest.Over, request.Over);
            }

            request.GiveBack();
            await request.Over;
        }
        catch (Exception failure)
        {
            log.LogError(failure, "An abandoned call of {Subject} could not be looked after", caller.Subject);
        }
        finally
        {
            Leave(caller.Subject, request);
        }
    }

    /// <returns>The call that has to go first, if the user has no room for one more.</returns>
    private OpenRequest? Enter(string subject, OpenRequest request)
    {
        lock (calls)
        {
            if (!calls.TryGetValue(subject, out var own))
                calls[subject] = own = [];
            own.RemoveAll(call => call.Over.IsCompleted);
            if (settings.Limits.McpConcurrentPerUser == 0 || own.Count < settings.Limits.McpConcurrentPerUser)
            {
                own.Add(request);
                return null;
            }

            var oldest = own[0];
            own.RemoveAt(0);
            own.Add(oldest); // it goes, and whoever comes meanwhile finds the next one
            return oldest;
        }
    }

    private void Leave(string subject, OpenRequest request)
    {
        lock (calls)
        {
            if (calls.TryGetValue(subject, out var own) && own.Remove(request) && own.Count == 0)
                calls.Remove(subject);
        }
    }
}
