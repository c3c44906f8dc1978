namespace OAuthMcp.Api.Configuration;

/// <summary>Gathers what is wrong with a configuration, so that an operator reads it all at once and not one fault a start.</summary>
internal sealed class FoundFaults
{
    private readonly List<string> found = [];

    public void Add(string fault)
    {
        if (!found.Contains(fault, StringComparer.Ordinal))
            found.Add(fault);
    }

    public void Check(bool isFine, string fault)
    {
        if (!isFine)
            Add(fault);
    }

    public void Check(Action check) =>
        Of(
            () =>
            {
                check();
                return true;
            },
            false
        );

    /// <summary>What is read; in its place <paramref name="otherwise"/>, with which the search goes on, where that is at fault.</summary>
    public T Of<T>(Func<T> read, T otherwise)
    {
        try
        {
            return read();
        }
        catch (ConfigurationException failure)
        {
            foreach (var fault in failure.Faults)
                Add(fault);
            return otherwise;
        }
    }

    /// <exception cref="ConfigurationException">There are some.</exception>
    public void ThrowIfAny()
    {
        if (found.Count > 0)
            throw new ConfigurationException(found);
    }
}
