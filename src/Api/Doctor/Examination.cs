using System.Runtime.CompilerServices;

namespace OAuthMcp.Api.Doctor;

/// <summary>Looks at a running server as each of its clients would, one check after the other. Owns no rule of the protocol.</summary>
internal static class Examination
{
    /// <summary>Those from outside, in an order in which each finds what it needs.</summary>
    public static IReadOnlyList<Check> Outside { get; } =
    [
        .. ConnectionChecks.All,
        .. DiscoveryChecks.All,
        .. MetadataChecks.All,
        .. EndpointChecks.All,
        .. ResourceChecks.All,
        .. StreamChecks.All,
    ];

    public static async IAsyncEnumerable<CheckedFinding> RunAsync(
        Visit visit,
        IEnumerable<Check> checks,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        foreach (var check in checks)
        {
            var isOutOfReach = !check.IsLocal && !visit.IsReached && check.Name != ConnectionChecks.Reach;
            var finding = isOutOfReach ? Finding.Skip("Nobody answered.") : await LookAsync(visit, check, ct);
            yield return new CheckedFinding(check.Name, finding.Verdict, finding.Seen, finding.Change);
        }
    }

    private static async Task<Finding> LookAsync(Visit visit, Check check, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(check.Patience);
        try
        {
            return await check.Look(visit, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Finding.Fault(
                $"No answer within {check.Patience.TotalSeconds:0} s.",
                "Look at what the server or the proxy waits for, in their logs of this minute."
            );
        }
        catch (HttpRequestException failure)
        {
            return Answers.Unreachable(failure, visit.Address);
        }
    }
}
