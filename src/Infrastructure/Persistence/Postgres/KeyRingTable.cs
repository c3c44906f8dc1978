using System.Xml.Linq;
using Npgsql;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>The key ring in the database, which every node reads: what one sealed, each other opens.</summary>
internal sealed class KeyRingTable(NpgsqlDataSource source) : IKeyRing
{
    public IReadOnlyCollection<XElement> GetAllElements() => [.. Read().Select(row => row.Key.Root!)];

    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = source.CreateCommand("INSERT INTO \"KeyRing\" (\"Name\", \"Xml\") VALUES ($1, $2)");
        command.Parameters.Add(new() { Value = friendlyName });
        command.Parameters.Add(new() { Value = element.ToString(SaveOptions.DisableFormatting) });
        command.ExecuteNonQuery();
    }

    public IEnumerable<(string Name, XDocument Key)> Read()
    {
        using var command = source.CreateCommand("SELECT \"Name\", \"Xml\" FROM \"KeyRing\"");
        using var reader = command.ExecuteReader();
        var rows = new List<(string, XDocument)>();
        while (reader.Read())
            rows.Add((reader.GetString(0), XDocument.Parse(reader.GetString(1))));
        return rows;
    }

    public void Replace(string name, XDocument key)
    {
        using var command = source.CreateCommand("UPDATE \"KeyRing\" SET \"Xml\" = $2 WHERE \"Name\" = $1");
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = key.ToString(SaveOptions.DisableFormatting) });
        command.ExecuteNonQuery();
    }
}
