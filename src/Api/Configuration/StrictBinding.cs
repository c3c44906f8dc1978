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
        var faults = new FoundFaults();
        if (Bind(section, typeof(T), faults) is T bound)
        {
            Complete(section, bound, faults);
            faults.ThrowIfAny();
            return bound;
        }

        // The binder stops at the first value that it cannot take, so each key is tried for itself.
        foreach (var child in section.GetChildren())
            if (PropertyOf(typeof(T), child.Key) is { } property)
                Bind(child, property.PropertyType, faults);
            else
                faults.Add($"{child.Path} is not a configuration key.");
        faults.ThrowIfAny();
        throw new InvalidOperationException($"{name} cannot be read."); // some key of it has to be at fault
    }

    private static object? Bind(IConfigurationSection section, Type type, FoundFaults faults)
    {
        try
        {
            if (type == typeof(string) && section.GetChildren().Any())
                throw new InvalidOperationException();
            return section.Get(type) ?? (type.IsClass && type.GetConstructor([]) is { } make ? make.Invoke(null) : null);
        }
        catch (InvalidOperationException failure)
        {
            var divided = type == typeof(string) ? section.Path : PathOfDivided(section, type);
            faults.Add(divided is null ? failure.Message : $"{divided} must be one text.");
            return null;
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

    private static void Complete(IConfigurationSection section, object bound, FoundFaults faults)
    {
        foreach (var child in section.GetChildren())
        {
            if (PropertyOf(bound.GetType(), child.Key) is not { } property)
                faults.Add($"{child.Path} is not a configuration key.");
            else if (property.PropertyType == typeof(TimeSpan) && child.Value is { } time && !time.Contains(':'))
                faults.Add($"{child.Path} must be [days.]hours:minutes:seconds, such as {Seconds(time)}; {time} alone would be days.");
            else if (property.PropertyType == typeof(string[]) && child.Value is { } text)
                property.SetValue(bound, text.Split(Separators, StringSplitOptions.RemoveEmptyEntries));
            else if (property.GetValue(bound) is object[] items and not string[])
                foreach (var (item, part) in items.Zip(child.GetChildren()))
                    Complete(part, item, faults);
            else if (property.PropertyType.Assembly == typeof(StrictBinding).Assembly)
                Complete(child, property.GetValue(bound)!, faults);
        }
    }

    // A number means seconds, as for every other server.
    private static TimeSpan Seconds(string number) =>
        int.TryParse(number, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromHours(1);
}
