namespace OAuthMcp.Application.Audit;

/// <summary>A use case that leaves an event in the trail. Its request says so by this, and nothing else has to be done for it.</summary>
internal interface IAudited
{
    Audited Audited { get; }
}
