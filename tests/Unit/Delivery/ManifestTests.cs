using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Unit.Architecture;

namespace OAuthMcp.Unit.Delivery;

/// <summary>
/// What is delivered for containers, Compose, Kubernetes and systemd: it can be parsed, holds together, and configures a server that
/// starts. Whether an engine takes it is tried where there is one.
/// </summary>
public sealed class ManifestTests : IDisposable
{
    private const string User = "1654";
    private readonly string folder = Directory.CreateTempSubdirectory("oauthmcp-tests-").FullName;

    [Fact]
    public void Compose_starts_two_nodes_that_can_write_nothing_behind_one_proxy()
    {
        var compose = Manifests.Read("compose.yaml").Single();
        foreach (var name in new[] { "node-1", "node-2" })
        {
            var node = compose.At($"services/{name}");
            Assert.Equal("true", node.At("read_only"));
            Assert.Equal("ALL", node.At("cap_drop/0"));
            Assert.Equal("oauthmcp", node.At("image"));
            var settings = Start(node.At("environment").Texts());
            Assert.Equal(("https://mcp.example.com", true), (settings.OAuth.Issuer, settings.Database is not null));
            Assert.Contains(settings.TrustedProxies, proxy =>
                proxy.ToString() == (string)compose.At("networks/inside/ipam/config/0/subnet")
            );
        }

        Assert.Equal("node-1:8080 node-2:8080", compose.At("services/caddy/environment/UPSTREAMS"));
        Assert.Equal("./seal.pem", compose.At("secrets/seal/file"));
    }

    [Fact]
    public void Kubernetes_runs_two_nodes_as_nobody_and_asks_what_the_server_answers()
    {
        var documents = Manifests.Read(Path.Combine("kubernetes", "oauthmcp.yaml")).ToDictionary(document => (string)document.At("kind"));
        var spec = documents["Deployment"].At("spec/template/spec");
        var container = spec.At("containers/0");
        Assert.Equal((User, "true"), ((string)spec.At("securityContext/runAsUser"), (string)spec.At("securityContext/runAsNonRoot")));
        Assert.Equal("true", container.At("securityContext/readOnlyRootFilesystem"));
        Assert.Equal("false", container.At("securityContext/allowPrivilegeEscalation"));
        foreach (var (probe, path) in new[] { ("startup", "live"), ("liveness", "live"), ("readiness", "ready") })
        {
            Assert.Equal($"/health/{path}", container.At($"{probe}Probe/httpGet/path"));
            Assert.Equal("localhost", container.At($"{probe}Probe/httpGet/httpHeaders/0/value")); // a Host that the server serves
        }

        var labels = documents["Deployment"].At("spec/template/metadata/labels").Texts();
        foreach (var kind in new[] { "Deployment", "PodDisruptionBudget" })
            Assert.Equal(labels, documents[kind].At("spec/selector/matchLabels").Texts());
        Assert.Equal(labels, documents["Service"].At("spec/selector").Texts());
        Assert.Equal("1", documents["PodDisruptionBudget"].At("spec/minAvailable"));
        Assert.Equal("oauthmcp", container.At("env/0/valueFrom/secretKeyRef/name"));
        Assert.Equal("oauthmcp", spec.At("volumes/0/secret/secretName"));

        var keys = documents["ConfigMap"].At("data").Texts();
        keys[(string)container.At("env/0/name")] = "Host=db;Database=oauthmcp;Username=oauthmcp";
        var settings = Start(keys);
        Assert.Equal($"https://{documents["Ingress"].At("spec/rules/0/host")}", settings.OAuth.Issuer);
        Assert.Equal(["http://*:8080"], settings.ListenUrls);
    }

    [Fact]
    public void Environment_file_of_the_unit_starts_a_server()
    {
        var lines = File.ReadAllLines(Path.Combine(Sources.Root, "deploy", "systemd", "environment"));
        var keys = lines
            .Select(line =>
                line.StartsWith("#ConnectionStrings", StringComparison.Ordinal) || line.StartsWith("#Protection", StringComparison.Ordinal)
                    ? line[1..]
                    : line
            )
            .Where(line => line.Contains('=') && !line.StartsWith('#'))
            .Select(line => line.Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts[1]);
        Assert.Equal(2, Start(keys).TrustedProxies.Count);
        Assert.Equal(
            "https://mcp.example.com",
            Start(keys.Where(pair => !pair.Key.StartsWith("ConnectionStrings", StringComparison.Ordinal)).ToDictionary()).OAuth.Issuer
        );
    }

    [Fact]
    public void Container_runs_the_program_as_a_user_of_its_own_and_asks_it_for_its_health()
    {
        var lines = File.ReadAllLines(Path.Combine(Sources.Root, "deploy", "Containerfile"));
        Assert.Contains("ENTRYPOINT [\"/app/OAuthMcp.Api\"]", lines);
        Assert.Contains(lines, line => line.EndsWith("CMD [\"/app/OAuthMcp.Api\", \"doctor\", \"--ready\"]", StringComparison.Ordinal));
        Assert.Contains($"USER {User}:{User}", lines);
        var project = File.ReadAllText(Path.Combine(Sources.Root, "src", "Api", "Api.csproj"));
        var image = lines.Last(line => line.StartsWith("FROM ", StringComparison.Ordinal))["FROM ".Length..];
        Assert.Contains($"<ContainerBaseImage>{image}</ContainerBaseImage>", project, StringComparison.Ordinal);
        Assert.Contains($"<ContainerUser>{User}</ContainerUser>", project, StringComparison.Ordinal);
        Assert.Contains("chiseled-extra", image, StringComparison.Ordinal); // with ICU
    }

    [Fact]
    public void Container_is_built_with_all_that_says_how_the_sources_are_built()
    {
        var copied = File.ReadLines(Path.Combine(Sources.Root, "deploy", "Containerfile"))
            .First(line => line.StartsWith("COPY ", StringComparison.Ordinal));
        string[] said =
        [
            ".editorconfig",
            "global.json",
            .. Directory.GetFiles(Sources.Root, "Directory.*.props").Select(Path.GetFileName)!,
        ];
        Assert.All(said, file => Assert.Contains(file, copied.Split(' ')));
    }

    /// <summary>What a server in Production makes of variables.</summary>
    private ServerSettings Start(Dictionary<string, string> variables)
    {
        if (variables.ContainsKey("Protection__KeyFile"))
        {
            using var key = RSA.Create(2048);
            File.WriteAllText(Path.Combine(folder, "seal.pem"), key.ExportPkcs8PrivateKeyPem());
            variables = new(variables) { ["Protection__KeyFile"] = Path.Combine(folder, "seal.pem") };
        }

        return ServerSettings.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    variables.Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":"), (string?)Filled(pair.Value)))
                )
                .Build(),
            null,
            new HostingEnvironment { EnvironmentName = "Production", ContentRootPath = folder }
        );
    }

    private static string Filled(string value) =>
        value
            .Replace("${PUBLIC_HOST:?}", "mcp.example.com")
            .Replace("${POSTGRES_PASSWORD:?}", "secret")
            .Replace("${DOWNSTREAM:-https://httpbin.org}", "https://httpbin.org");

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
