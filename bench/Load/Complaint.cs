namespace OAuthMcp.Load;

/// <summary>What went wrong first, on standard error; the rest is counted.</summary>
internal static class Complaint
{
    private static int said;

    public static void Say(string what)
    {
        if (Interlocked.Exchange(ref said, 1) == 0)
            Console.Error.WriteLine(what);
    }

    public static void Say(Answer answer) => Say($"{answer.Status} {answer.Text}");
}
