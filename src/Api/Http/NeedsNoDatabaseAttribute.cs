namespace OAuthMcp.Api.Http;

/// <summary>Marks an endpoint that is served as long as the process runs, whatever became of the database.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsNoDatabaseAttribute : Attribute
{
    public static bool IsOn(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<NeedsNoDatabaseAttribute>() is not null;
}
