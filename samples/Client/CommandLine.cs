using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.Json;
using ModelContextProtocol;
using OAuthMcp.Client.OAuth;
using OAuthMcp.Client.Terminal;

namespace OAuthMcp.Client;

/// <summary>Why the arguments make no sense, in one sentence.</summary>
internal sealed class CommandLineException(string message) : Exception(message);

/// <summary>The program's arguments, and what each form of it does.</summary>
internal static class CommandLine
{
    private static readonly Argument<string> Server = new("url") { Description = "The MCP server, such as http://localhost:8080/mcp." };
    private static readonly Option<string?> Issuer = new("--issuer")
    {
        Description = "The one authorization server to use: when the MCP server names several, or a secret must reach no other.",
    };
    private static readonly Option<string?> ClientId = new("--client_id") { Description = "A client that was registered beforehand." };
    private static readonly Option<string?> ClientSecret = new("--client_secret")
    {
        Description = "Its secret; or CLIENT_SECRET in the environment, which the list of processes does not show.",
    };
    private static readonly Option<FileInfo> PrivateKeyFile = new Option<FileInfo>("--private-key")
    {
        Description = "File with its private key (PEM or JWK), to sign assertions instead of sending a secret.",
    }.AcceptExistingOnly();
    private static readonly Option<bool> IsMachine = new("--client-credentials")
    {
        Description = "Be a machine that acts in its own name.",
    };
    private static readonly Option<string?> MetadataUrl = new("--client-metadata-url")
    {
        Description = "https URL of a document that describes this client, for servers that take that instead of a registration.",
    };
    private static readonly Option<string?> Scope = new("--scope")
    {
        Description = "Scopes to ask for at first, separated by spaces; otherwise those that the server wants.",
    };
    private static readonly Option<bool> Paste = new("--paste")
    {
        Description = "For a machine without a browser: open the URL elsewhere, and paste the URL it ends on.",
    };
    private static readonly Option<bool> NoBrowser = new("--no-browser")
    {
        Description = "Only print the URL; the answer still comes to this machine.",
    };
    private static readonly Option<string?> ProtocolVersion = new("--protocol-version")
    {
        Description = "The MCP revision to speak, such as 2025-11-25.",
    };
    private static readonly Option<string> DataDirectory = new("--data-directory")
    {
        Description = "Where sign-ins are kept.",
        DefaultValueFactory = _ => TokenStore.DefaultFolder,
    };
    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Show the HTTP exchanges, secrets masked." };
    private static readonly Argument<string> Tool = new("tool") { Description = "Its name." };
    private static readonly Option<string[]> Arguments = new("--arg")
    {
        Description = "name=value; may be repeated.",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <param name="openBrowser">False when there is none to open.</param>
    /// <returns>0, or 1 after one sentence on standard error.</returns>
    public static async Task<int> RunAsync(string[] args, Func<Uri, bool> openBrowser)
    {
        var narrator = new Narrator();
        var call = new Command("call", "Call a tool.") { Tool, Arguments };
        var logout = new Command("logout", "Revoke the tokens of this server and forget them.");
        var root = new RootCommand("An MCP client that signs in by OAuth. Lists the server's tools, unless told otherwise.")
        {
            Server,
            call,
            logout,
        };
        foreach (
            var option in new Option[]
            {
                Issuer,
                ClientId,
                ClientSecret,
                PrivateKeyFile,
                IsMachine,
                MetadataUrl,
                Scope,
                Paste,
                NoBrowser,
                ProtocolVersion,
                DataDirectory,
                Verbose,
            }
        )
        {
            option.Recursive = true;
            root.Add(option);
        }

        root.SetAction((parsed, ct) => Session(parsed).RunAsync(Tools.ListAsync, ct));
        call.SetAction(
            (parsed, ct) =>
                Session(parsed)
                    .RunAsync((client, ct) => Tools.CallAsync(client, parsed.GetValue(Tool)!, parsed.GetValue(Arguments) ?? [], ct), ct)
        );
        logout.SetAction((parsed, ct) => Session(parsed).SignOutAsync(ct));
        try
        {
            var parsed = root.Parse(args);
            if (parsed.Action is ParseErrorAction)
                throw new CommandLineException($"{parsed.Errors[0].Message} See --help.");
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception failure) when (Explain(failure) is { } sentence)
        {
            narrator.Fail(sentence);
            return 1;
        }

        Session Session(ParseResult parsed) => new(Options(parsed), openBrowser, narrator);
    }

    private static ClientOptions Options(ParseResult parsed)
    {
        var options = new ClientOptions
        {
            Server =
                Uri.TryCreate(parsed.GetValue(Server), UriKind.Absolute, out var url) && RemoteUrl.IsSafe(url, url)
                    ? url
                    : throw new CommandLineException("The URL must be https, or http on this machine."),
            Issuer = parsed.GetValue(Issuer),
            ClientId = parsed.GetValue(ClientId),
            ClientSecret = parsed.GetValue(ClientSecret)
                ?? (parsed.GetValue(ClientId) is null ? null : Environment.GetEnvironmentVariable("CLIENT_SECRET")),
            PrivateKey = parsed.GetValue(PrivateKeyFile) is { } file ? PrivateKey.Read(File.ReadAllText(file.FullName)) : null,
            ClientMetadataUrl = parsed.GetValue(MetadataUrl),
            Scope = parsed.GetValue(Scope),
            IsMachine = parsed.GetValue(IsMachine),
            Paste = parsed.GetValue(Paste),
            OpensBrowser = !parsed.GetValue(NoBrowser),
            DataDirectory = parsed.GetValue(DataDirectory)!,
            IsVerbose = parsed.GetValue(Verbose),
            ProtocolVersion = parsed.GetValue(ProtocolVersion),
        };
        if (options.ClientId is null && (options.ClientSecret is not null || options.IsMachine))
            throw new CommandLineException("--client_secret and --client-credentials need --client_id.");
        if (options.IsMachine && options.ClientSecret is null && options.PrivateKey is null)
            throw new CommandLineException("--client-credentials needs --client_secret or --private-key.");
        if (options.ClientMetadataUrl is { } document && !document.StartsWith("https://", StringComparison.Ordinal))
            throw new CommandLineException("--client-metadata-url must be an https URL.");
        return options;
    }

    // What a person can act on, as one sentence; anything else is a bug and keeps its stack trace.
    private static string? Explain(Exception failure) =>
        failure switch
        {
            CommandLineException or OAuthException or McpException => failure.Message,
            HttpRequestException { StatusCode: null } => $"Cannot reach the server: {failure.GetBaseException().Message}",
            HttpRequestException { StatusCode: { } status } =>
                $"The server answered {(int)status} {status}{((int)status < 500 ? ": is the URL that of its MCP endpoint?" : ".")}",
            TaskCanceledException { InnerException: TimeoutException } => "The server takes too long to answer.",
            OperationCanceledException => "Stopped.",
            JsonException => $"The server's answer makes no sense: {failure.Message}",
            IOException or UnauthorizedAccessException => failure.Message,
            { InnerException: { } inner } => Explain(inner),
            _ => null,
        };
}
