using System.Text.Json;

namespace OAuthMcp.Api.Doctor;

/// <summary>What the metadata has to promise, since clients give up without it.</summary>
internal static class MetadataChecks
{
    private const string AsItIs = "Let the proxy pass the metadata on as it is; this server promises it.";

    public static IReadOnlyList<Check> All { get; } =
    [
        Holds("pkce", "code_challenge_methods_supported", "S256", "Clients that keep to MCP refuse a server without it."),
        Holds("grant types", "grant_types_supported", "authorization_code", "Clients cannot ask for codes."),
        Holds("public clients", "token_endpoint_auth_methods_supported", "none", "Clients without a secret cannot take part."),
        new("iss parameter", Of(IssParameter)),
        new("ways to register", Of(WaysToRegister)),
        new("client documents", Of(Documents)),
    ];

    private static Func<Visit, CancellationToken, Task<Finding>> Of(Func<Visit, JsonElement, Finding> look) =>
        DiscoveryChecks.Of(visit => visit.Server, look);

    private static Check Holds(string name, string member, string value, string otherwise) =>
        new(
            name,
            Of(
                (_, document) =>
                    document.Strings(member).Contains(value)
                        ? Finding.Ok($"{member} holds {value}.")
                        : Finding.Fault($"{member} lacks {value}. {otherwise}", AsItIs)
            )
        );

    // RFC 9207 §3
    private static Finding IssParameter(Visit visit, JsonElement document) =>
        document.IsTrue("authorization_response_iss_parameter_supported") ? Finding.Ok("Answers of /authorize say who gave them.")
        : visit.IsIssuerHere
            ? Finding.Fault("authorization_response_iss_parameter_supported is not true: clients cannot tell a mixed-up answer.", AsItIs)
        : Finding.Note("The authorization server does not say in its answers who it is.");

    private static Finding WaysToRegister(Visit visit, JsonElement document) =>
        document.Text("registration_endpoint") is not null ? Finding.Ok("Clients may register themselves.")
        : document.IsTrue("client_id_metadata_document_supported")
            ? Finding.Note("Clients cannot register themselves; those that know no documents need `clients add`.")
        : Finding.Fault(
            "Clients can neither register themselves nor name a document: only those of `clients add` and OAuth:Clients come in.",
            "Set OAuth:Registration:Enabled or OAuth:ClientMetadataDocuments:Enabled to true."
        );

    private static Finding Documents(Visit visit, JsonElement document) =>
        document.IsTrue("client_id_metadata_document_supported")
            ? Finding.Ok("A client_id may be the URL of a document, as Claude Code and VS Code have it.")
            : Finding.Note(
                "client_id_metadata_document_supported is not true: clients that have a document register instead.",
                "Set OAuth:ClientMetadataDocuments:Enabled to true."
            );
}
