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
            throw new ConfigurationException(failure.Message);
        }
    }

    private static void Complete(IConfigurationSection section, object bound)
    {
        foreach (var child in section.GetChildren())
        {
            var property = bound.GetType().GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
                ?? throw new ConfigurationException($"{child.Path} is not a configuration key.");
            if (property.PropertyType == typeof(string) && child.Value is null && child.GetChildren().Any())
                throw new ConfigurationException($"{child.Path} must be one text.");
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
