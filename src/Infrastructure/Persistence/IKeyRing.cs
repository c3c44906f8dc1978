using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>Where the keys of Data Protection lie, so that they can be sealed again in their place.</summary>
internal interface IKeyRing : IXmlRepository
{
    /// <summary>Every key, under the name of its place.</summary>
    IEnumerable<(string Name, XDocument Key)> Read();

    /// <summary>Puts a key into the place of that name, wholly or not at all.</summary>
    void Replace(string name, XDocument key);
}
