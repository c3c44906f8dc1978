using System.Reflection;

namespace OAuthMcp.Api.Hosting;

internal static class StrictBinding
{
    /// <summary>A section as its record. A misspelt key is an error, not a default in disguise.</summary>
    /// <exception cref="ConfigurationException">The section holds a key that the record does not, or a value of another type.</exception>
    public static T Section<T>(this IConfiguration configuration, string name) where T : new()
    {
        var section = configuration.GetSection(name);
        RefuseUnknownKeys(section, typeof(T));
        try
        {
            return section.Get<T>() ?? new T();
        }
        catch (InvalidOperationException failure)
        {
            throw new ConfigurationException(failure.Message);
        }
    }

    private static void RefuseUnknownKeys(IConfigurationSection section, Type type)
    {
        foreach (var child in section.GetChildren())
        {
            var property = type.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
                ?? throw new ConfigurationException($"{child.Path} is not a configuration key.");
            if (property.PropertyType.GetElementType() is { } element)
            {
                if (element.Assembly == type.Assembly)
                    foreach (var item in child.GetChildren()) RefuseUnknownKeys(item, element);
            }
            else if (property.PropertyType.Assembly == type.Assembly)
            {
                RefuseUnknownKeys(child, property.PropertyType);
            }
        }
    }
}
