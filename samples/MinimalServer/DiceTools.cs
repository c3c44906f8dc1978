using System.ComponentModel;
using System.Security.Cryptography;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Mcp;

namespace OAuthMcp.MinimalServer;

[McpServerToolType]
internal sealed class DiceTools
{
    [McpServerTool(Name = "roll_dice", Title = "Roll dice", ReadOnly = true, OpenWorld = false)]
    [Description("Rolls up to a hundred dice and returns what each shows.")]
    [RequiresScope("dice.roll", "Roll dice for you")]
    public static int[] Roll([Description("How many dice, 1 to 100.")] int count) =>
        [.. Enumerable.Range(0, Math.Clamp(count, 1, 100)).Select(_ => RandomNumberGenerator.GetInt32(1, 7))];
}
