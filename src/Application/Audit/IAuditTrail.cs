namespace OAuthMcp.Application.Audit;

/// <summary>Where events go: a table, and a stream of the log.</summary>
internal interface IAuditTrail
{
    /// <summary>
    /// Takes an event to be written soon, and never waits. Those that find no room are counted, and their number is written.
    /// </summary>
    void Note(AuditEvent happened);

    /// <summary>Writes an event before it returns. Of a flood of equal refusals the first are written, and the others counted.</summary>
    Task WriteAsync(AuditEvent happened, CancellationToken ct);

    /// <summary>Tells the stream of an event that was written together with its act.</summary>
    void Tell(AuditEvent written);
}
