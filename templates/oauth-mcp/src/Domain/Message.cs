namespace Template._1.Domain;

/// <summary>What somebody has to say.</summary>
public sealed record Message(string Text)
{
    private const int Longest = 280;

    /// <summary>Why it cannot be sent; null where it can.</summary>
    public string? Refuse() =>
        string.IsNullOrWhiteSpace(Text) ? "The message is empty."
        : Text.Length > Longest ? $"The message is longer than {Longest} characters."
        : null;
}
