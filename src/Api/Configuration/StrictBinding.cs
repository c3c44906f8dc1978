using System.Globalization;
using System.Reflection;

namespace OAuthMcp.Api.Configuration;

internal static class StrictBinding
{
    private static readonly char[] Separators = [' ', ','];

    /// <summary>
    /// Reads a section as its record. A misspelt key is an error and no default; a list may be one text with spaces or commas, as
    /// environment variables need it.
    /// </summary>
    /// <exception cref="ConfigurationException">The section holds a key that the record does not, or a value of another type.</exception>
    public static T Section<T>(this IConfiguration configuration, string name)
        where T : class, new()
    {
        var section = configuration.GetSection(name);
        try
        {
            var bound = section.Get<T>() ?? new T();
            Complete(section, bound);
            return bound;
        }
        catch (InvalidOperationException failure)
        {
            throw new ConfigurationException(PathOfDivided(section, typeof(T)) is { } path ? $"{path} must be one text." : failure.Message);
        }
    }

    // The binder does not name the key of a text that has keys below it.
    private static string? PathOfDivided(IConfigurationSection section, Type type) =>
        section
            .GetChildren()
            .Select(child =>
                (type.GetElementType() ?? PropertyOf(type, child.Key)?.PropertyType) is not { } part ? null
                : part != typeof(string) ? PathOfDivided(child, part)
                : child.GetChildren().Any() ? child.Path
                : null
            )
            .FirstOrDefault(path => path is not null);

    private static PropertyInfo? PropertyOf(Type type, string key) =>
        type.GetProperty(key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);

    private static void Complete(IConfigurationSection section, object bound)
    {
        foreach (var child in section.GetChildren())
        {
            var property = PropertyOf(bound.GetType(), child.Key)
                ?? throw new ConfigurationException($"{child.Path} is not a configuration key.");
            if (property.PropertyType == typeof(TimeSpan) && child.Value is { } time && !time.Contains(':'))
                throw new ConfigurationException(
                    $"{child.Path} must be [days.]hours:minutes:seconds, such as {Seconds(time)}; {time} alone would be days."
                );
            if (property.PropertyType == typeof(string[]) && child.Value is { } text)
                property.SetValue(bound, text.Split(Separators, StringSplitOptions.RemoveEmptyEntries));
            else if (property.GetValue(bound) is object[] items and not string[])
                foreach (var (item, part) in items.Zip(child.GetChildren()))
                    Complete(part, item);
            else if (property.PropertyType.Assembly == typeof(StrictBinding).Assembly)
                Complete(child, property.GetValue(bound)!);
        }
    }

    // A number means seconds, as for every other server.
    private static TimeSpan Seconds(string number) =>
        int.TryParse(number, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromHours(1);
}
