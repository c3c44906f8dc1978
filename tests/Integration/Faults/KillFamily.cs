namespace OAuthMcp.Integration.Faults;

/// <summary>A code and the tokens that came of it, as their client was answered.</summary>
internal sealed class KillFamily(string code, string client)
{
    public string Code { get; } = code;
    public string Client { get; } = client;
    public string? Access { get; private set; }

    /// <summary>The newest that was answered; null while the code was not redeemed.</summary>
    public string? Refresh { get; set; }

    /// <summary>Those before it.</summary>
    public List<string> Spent { get; } = [];

    /// <summary>Whether it was sent and not answered.</summary>
    public bool IsExchangeOpen { get; set; }

    /// <summary>Whether it was sent and not answered.</summary>
    public bool IsRevocationOpen { get; set; }

    public void Take(string access, string refresh)
    {
        if (Refresh is not null)
            Spent.Add(Refresh);
        (Access, Refresh, IsExchangeOpen, IsRevocationOpen) = (access, refresh, false, false);
    }
}
