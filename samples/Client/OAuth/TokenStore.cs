using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OAuthMcp.Client.Terminal;

namespace OAuthMcp.Client.OAuth;

/// <summary>One sign-in: at which issuer, for which resource, as which client, and what came of it.</summary>
/// <param name="Server">The MCP server's URL as typed.</param>
/// <param name="AskedScope">The scopes it was asked for, to which a step-up adds (MCP, step-up authorization flow).</param>
internal sealed record SignIn(string Server, string Issuer, string Resource, ClientIdentity Client, Tokens? Tokens, string? AskedScope);

/// <summary>
/// Sign-ins between two runs: one file for each issuer and resource, so that what one
/// issuer gave never goes to another. Only the user can read them. The secret of a given client is not kept.
/// </summary>
internal sealed class TokenStore(ClientOptions options, Narrator narrator)
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly HashSet<string> unreadable = [];

    public static string DefaultFolder { get; } =
        Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "oauthmcp-client"
        );

    public SignIn? Find(string issuer, string resource) =>
        All().FirstOrDefault(found => found.Issuer == issuer && found.Resource == resource);

    /// <summary>Those of the server and client on the command line, the last first.</summary>
    public IEnumerable<SignIn> OfServer() => All().Where(found => found.Server == options.Server.AbsoluteUri);

    public void Save(SignIn signIn)
    {
        CreateFolder();
        var kept = signIn.Client.IsGiven ? signIn with { Client = signIn.Client with { ClientSecret = null } } : signIn;
        var temporary = Path.Combine(options.DataDirectory, Path.GetRandomFileName());
        var creation = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            creation.UnixCreateMode = Mine;
        using (var file = new FileStream(temporary, creation))
        {
            JsonSerializer.Serialize(file, kept, OAuthHttp.Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, FileOf(signIn), overwrite: true);
    }

    public void Delete(SignIn signIn) => File.Delete(FileOf(signIn));

    private IEnumerable<SignIn> All() =>
        !Directory.Exists(options.DataDirectory)
            ? []
            : new DirectoryInfo(options.DataDirectory)
                .EnumerateFiles("*.json")
                .OrderByDescending(file => file.LastWriteTimeUtc)
                .Select(Read)
                .OfType<SignIn>()
                .Where(found =>
                    options.ClientId is { } given ? found.Client.IsGiven && found.Client.ClientId == given : !found.Client.IsGiven
                );

    /// <returns>Null for a file that is no sign-in any more: the person signs in again, which replaces it.</returns>
    private SignIn? Read(FileInfo file)
    {
        try
        {
            if (
                JsonSerializer.Deserialize<SignIn>(File.ReadAllText(file.FullName), OAuthHttp.Json) is
                {
                    Server: not null,
                    Issuer: not null,
                    Resource: not null,
                    Client: { ClientId: not null, AuthMethod: not null },
                    Tokens: null or { AccessToken: not null }
                } kept
            )
                return kept;
        }
        catch (Exception damage) when (damage is JsonException or IOException or UnauthorizedAccessException) { }

        if (unreadable.Add(file.Name))
            narrator.Warn($"{file.FullName} holds no sign-in that can be read, and counts as none.");
        return null;
    }

    private void CreateFolder()
    {
        Directory.CreateDirectory(options.DataDirectory);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(options.DataDirectory, Mine | UnixFileMode.UserExecute);
    }

    private string FileOf(SignIn signIn)
    {
        var key = $"{signIn.Issuer}\n{signIn.Resource}\n{(signIn.Client.IsGiven ? signIn.Client.ClientId : "")}";
        return Path.Combine(options.DataDirectory, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}.json");
    }
}
