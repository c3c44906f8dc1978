namespace OAuthMcp.Integration.Fuzzing;

/// <summary>Chance that a seed decides, so that a run can be repeated.</summary>
internal sealed class FuzzDice(int seed)
{
    private readonly Random random = new(seed);

    public int Below(int max) => random.Next(max);

    /// <summary>Once in so many times.</summary>
    public bool Chance(int of) => random.Next(of) == 0;

    public bool Chance(int times, int of) => random.Next(of) < times;

    public string Pick(params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];

    public string Hex() => Convert.ToHexString(BitConverter.GetBytes(random.NextInt64()));
}
