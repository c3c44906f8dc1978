namespace OAuthMcp.Unit.Architecture;

/// <summary>The arrows of the house: which project, and in each project which folder, may name which.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string> Projects = new()
    {
        ["Domain"] = "",
        ["Application"] = "Domain",
        ["Infrastructure"] = "Domain Application",
        ["Api"] = "Domain Application Infrastructure",
        ["Testing"] = "Domain Application",
    };

    // A folder may name those behind it. What puts a project together lies in no folder and may name them all.
    private static readonly Dictionary<string, Dictionary<string, string>> Folders = new()
    {
        ["Domain"] = new()
        {
            ["Protocol"] = "",
            ["Clients"] = "Protocol",
            ["Tokens"] = "Protocol Clients",
            ["Authorize"] = "Protocol Clients Tokens",
            ["Accounts"] = "Protocol",
            ["Upstream"] = "Protocol",
            ["Keys"] = "",
        },
        ["Application"] = new()
        {
            ["Protocol"] = "",
            ["Settings"] = "",
            ["Audit"] = "",
            ["Telemetry"] = "",
            ["Pipeline"] = "Audit Telemetry",
            ["Clients"] = "Protocol Settings Audit",
            ["Tokens"] = "Protocol Settings Audit Clients",
            ["Authorize"] = "Protocol Settings Audit Clients Tokens",
            ["Accounts"] = "Protocol Settings Audit Telemetry",
            ["Keys"] = "Protocol Settings Audit",
            ["Discovery"] = "Protocol Settings Tokens",
            ["Tools"] = "Protocol Settings Audit",
            ["Upstream"] = "Protocol Settings Audit Clients Tokens Authorize Accounts Tools Telemetry",
        },
        ["Infrastructure"] = new()
        {
            ["Remote"] = "",
            ["Persistence"] = "",
            ["Audit"] = "Persistence",
            ["Tokens"] = "",
            ["Keys"] = "Persistence Tokens",
            ["Accounts"] = "Persistence",
            ["Upstream"] = "Persistence Remote Tokens",
            ["Authority"] = "Remote Tokens",
            ["Clients"] = "Remote Tokens",
            ["Downstream"] = "Remote",
            ["Operations"] = "Persistence Remote Keys Accounts Upstream Authority",
        },
        ["Api"] = new()
        {
            ["Configuration"] = "",
            ["Http"] = "Configuration",
            ["Accounts"] = "",
            ["Mcp"] = "Http Configuration",
            ["OAuth"] = "Mcp Http Configuration",
            ["Pages"] = "Mcp Http Configuration",
            ["Hosting"] = "OAuth Pages Mcp Http Configuration Accounts",
            ["Doctor"] = "Hosting Configuration",
            ["Commands"] = "Doctor Hosting OAuth Pages Mcp Http Configuration",
        },
    };

    // The words of the domain that a feature of Application may use; Upstream and Settings may use all.
    private static readonly Dictionary<string, string> Words = new()
    {
        ["Protocol"] = "Protocol",
        ["Audit"] = "Protocol",
        ["Clients"] = "Protocol Clients",
        ["Tokens"] = "Protocol Clients Tokens",
        ["Authorize"] = "Protocol Clients Tokens Authorize",
        ["Accounts"] = "Protocol Accounts",
        ["Keys"] = "Protocol Keys",
        ["Discovery"] = "Protocol Clients",
        ["Tools"] = "Protocol",
    };

    // Classes that the layer above may name beside records, ports and what adds services.
    private const string Lent =
        "Account AuthenticatorKey CurrentAct RecentlyUsed SingleFlight DataDirectory Database DatabaseAddress DatabaseHealth EnvironmentProxy ReceivedTokens";

    [Fact]
    public void Project_names_only_those_below_it() =>
        ExpectNone(
            House.Arrows.Where(arrow =>
                House.ProjectOf(arrow.From) is { } from && House.ProjectOf(arrow.To) is { } to && from != to && !Names(Projects[from], to)
            )
        );

    [Theory]
    [InlineData("Domain")]
    [InlineData("Application")]
    [InlineData("Infrastructure")]
    [InlineData("Api")]
    public void Folder_names_only_those_below_it(string project)
    {
        Assert.NotEmpty(House.Within(project));
        ExpectNone(House.Within(project).Where(arrow => !May(project, House.FolderOf(arrow.From), House.FolderOf(arrow.To))));
    }

    [Theory]
    [InlineData("Domain")]
    [InlineData("Application")]
    [InlineData("Infrastructure")]
    [InlineData("Api")]
    public void No_folders_form_a_ring(string project)
    {
        var named = House.Within(project).ToLookup(arrow => House.FolderOf(arrow.From), arrow => House.FolderOf(arrow.To));
        ExpectNone(named.Select(folder => folder.Key).Where(folder => Reached(named, folder).Contains(folder)));
    }

    [Fact]
    public void Feature_uses_only_the_words_of_the_domain_that_it_builds_on() =>
        ExpectNone(
            House.Arrows.Where(arrow =>
                House.ProjectOf(arrow.From) == "Application"
                && House.ProjectOf(arrow.To) == "Domain"
                && Words.TryGetValue(House.FolderOf(arrow.From), out var words)
                && !Names(words, House.FolderOf(arrow.To))
            )
        );

    [Fact]
    public void Only_the_composition_root_and_the_passkeys_of_the_Api_name_Infrastructure() =>
        ExpectNone(
            House.Arrows.Where(arrow =>
                House.ProjectOf(arrow.From) == "Api"
                && House.ProjectOf(arrow.To) == "Infrastructure"
                && House.FolderOf(arrow.From) is not ("Hosting" or "Accounts")
            )
        );

    /// <summary>
    /// Packages show no more than they are meant to be used for, so that a layer is internal and seen by the one above whole. Handlers,
    /// validators, stores and what they are made of are its own all the same.
    /// </summary>
    [Fact]
    public void What_does_the_work_of_a_layer_is_named_by_that_layer_alone() =>
        ExpectNone(
            House.Arrows.Where(arrow =>
                House.ProjectOf(arrow.To) is "Application" or "Infrastructure"
                && House.ProjectOf(arrow.From) != House.ProjectOf(arrow.To)
                && House.Load(arrow.To) is { IsClass: true, IsNested: false } type
                && !(type.IsAbstract && type.IsSealed) // static
                && type.GetMethod("<Clone>$") is null // a record
                && !type.IsSubclassOf(typeof(Exception))
                && !Names(Lent, type.Name.Split('`')[0])
            )
        );

    // As text, so that a red test names every arrow.
    private static void ExpectNone<T>(IEnumerable<T> found)
    {
        if (string.Join('\n', found) is { Length: > 0 } all)
            Assert.Fail(all);
    }

    private static bool May(string project, string from, string to) =>
        from == House.Root || (Folders[project].TryGetValue(from, out var below) && Names(below, to));

    private static bool Names(string list, string name) => list.Split(' ').Contains(name);

    private static HashSet<string> Reached(ILookup<string, string> named, string start)
    {
        var (reached, open) = (new HashSet<string>(), new Stack<string>(named[start]));
        while (open.TryPop(out var folder))
            if (reached.Add(folder))
                foreach (var next in named[folder])
                    open.Push(next);
        return reached;
    }
}
