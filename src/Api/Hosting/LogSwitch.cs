namespace OAuthMcp.Api.Hosting;

/// <summary>Silences the log of a program that runs a verb instead of serving: what it prints is the verb's.</summary>
internal sealed class LogSwitch
{
    public bool IsOff { get; set; }
}
