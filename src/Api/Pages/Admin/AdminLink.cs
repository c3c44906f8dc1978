namespace OAuthMcp.Api.Pages.Admin;

/// <summary>A link to the question whether something shall be done.</summary>
/// <param name="Act">One of the names of <see cref="AdminAct"/>.</param>
/// <param name="On">The account, client or grant.</param>
internal sealed record AdminLink(string Act, string On)
{
    public string Address => $"/admin/act?what={Act}&on={Uri.EscapeDataString(On)}";

    /// <summary>What is done, and to what, for who hears the link alone.</summary>
    public string Name => PageTexts.Act(AdminAct.Find(Act)!.Button, On);
}
