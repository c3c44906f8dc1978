using System.Buffers.Text;
using System.Text;

namespace OAuthMcp.Load;

/// <summary>An HTTP answer, where it was read: it is gone with the next request of its connection.</summary>
internal readonly record struct Answer(int Status, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Body)
{
    public string Text => Encoding.UTF8.GetString(Body.Span);

    public string? Header(string name) => Headers(name).FirstOrDefault();

    public IEnumerable<string> Headers(string name) =>
        Encoding
            .Latin1.GetString(Head.Span)
            .Split("\r\n")
            .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim());

    /// <summary>A member of a flat JSON object whose value is a text without escapes, as tokens are.</summary>
    public ReadOnlySpan<byte> Member(ReadOnlySpan<byte> quotedName)
    {
        var rest = Body.Span;
        var start = rest.IndexOf(quotedName);
        if (start < 0)
            return default;
        rest = rest[(start + quotedName.Length)..];
        rest = rest[(rest.IndexOf((byte)'"') + 1)..];
        return rest[..rest.IndexOf((byte)'"')];
    }

    /// <summary>How many bytes follow this head; none for those that come in chunks.</summary>
    public static int? Length(ReadOnlySpan<byte> head)
    {
        while (head.IndexOf("\r\n"u8) is > 0 and var end)
        {
            var line = head[..end];
            head = head[(end + 2)..];
            if (!Ascii.EqualsIgnoreCase(line[..Math.Min(15, line.Length)], "content-length:"u8))
                continue;
            return Utf8Parser.TryParse(line[15..].TrimStart((byte)' '), out int length, out _)
                ? length
                : throw new IOException("no length");
        }

        return null;
    }
}
