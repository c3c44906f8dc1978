using OAuthMcp.Unit.Architecture;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace OAuthMcp.Unit.Delivery;

/// <summary>The YAML files of <c>deploy/</c>, with anchors and merges as their readers have them.</summary>
internal static class Manifests
{
    /// <summary>Each document of a file.</summary>
    public static IReadOnlyList<object> Read(string file)
    {
        using var text = File.OpenText(Path.Combine(Sources.Root, "deploy", file));
        var parser = new MergingParser(new Parser(text));
        parser.Consume<YamlDotNet.Core.Events.StreamStart>();
        var documents = new List<object>();
        while (parser.Accept<YamlDotNet.Core.Events.DocumentStart>(out _))
            documents.Add(new DeserializerBuilder().Build().Deserialize<object>(parser));
        return documents;
    }

    /// <summary>What lies at a path such as <c>spec/template</c>; an index for a list.</summary>
    public static object At(this object node, string path)
    {
        foreach (var step in path.Split('/'))
            node = node is IList<object> list
                ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]
                : ((IDictionary<object, object>)node)[step];
        return node;
    }

    public static Dictionary<string, string> Texts(this object node) =>
        ((IDictionary<object, object>)node).ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value);
}
