namespace Template._1.Application;

/// <summary>What arrived, or one sentence that says why nothing did.</summary>
public sealed record SentMessage(string? Arrived, string? Failure);
