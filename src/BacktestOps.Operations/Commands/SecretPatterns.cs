using System.Text;

namespace BacktestOps.Operations.Commands;

/// <summary>A text that must not be written, in the one spelling that every other is read back to.</summary>
/// <param name="Text">The text; line ends are <c>\n</c>.</param>
/// <param name="IgnoresCase">True where capitals and small letters are the same.</param>
/// <param name="IsBase64">True for a part of a base64 text: <c>-_</c> are <c>+/</c> there, and line ends are passed over.</param>
internal sealed record SecretPattern(string Text, bool IgnoresCase, bool IsBase64)
{
    /// <summary>True when a character of a text is the one at a place of this pattern.</summary>
    public bool Has(int at, char found)
    {
        var wanted = Text[at];
        if (found == wanted) return true;
        if (IsBase64) return (found == '-' && wanted == '+') || (found == '_' && wanted == '/');
        return IgnoresCase && char.ToUpperInvariant(found) == char.ToUpperInvariant(wanted);
    }
}

/// <summary>What is looked for because of some secrets.</summary>
internal static class SecretPatterns
{
    /// <summary>From this length on capitals and small letters are the same: hosts and header names lose theirs.</summary>
    private const int LongEnoughForAnyCase = 8;

    /// <summary>The patterns, the longest first: a secret may be a part of another.</summary>
    /// <param name="secrets">The secrets.</param>
    public static IReadOnlyList<SecretPattern> Of(IEnumerable<string> secrets) =>
    [
        .. secrets.SelectMany(secret => Spellings(secret).SelectMany(Of).Concat(Encoded(secret))).Distinct().OrderByDescending(pattern => pattern.Text.Length),
    ];

    /// <summary>The secret, without the space around it, and its lines: tools trim, indent and wrap what they print.</summary>
    private static IEnumerable<string> Spellings(string secret)
    {
        var text = secret.ReplaceLineEndings("\n");
        return text.Split('\n').Select(line => line.Trim()).Prepend(text.Trim()).Prepend(text).Where(spelling => spelling.Length >= Redactor.MinimumLength && !string.IsNullOrWhiteSpace(spelling));
    }

    private static IEnumerable<SecretPattern> Of(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        yield return new SecretPattern(text, text.Length >= LongEnoughForAnyCase, IsBase64: false);
        // Bytes that are no UTF-8 as a whole are read one by one, each as the character of its number.
        if (bytes.Length != text.Length) yield return new SecretPattern(Encoding.Latin1.GetString(bytes), IgnoresCase: false, IsBase64: false);
        foreach (var pattern in Encoded(text)) yield return pattern;
        if (!text.Contains('\n', StringComparison.Ordinal)) yield break;
        foreach (var pattern in Encoded(text.ReplaceLineEndings("\r\n"))) yield return pattern;
    }

    private static IEnumerable<SecretPattern> Encoded(string text) => Fragments(Encoding.UTF8.GetBytes(text)).Select(fragment => new SecretPattern(fragment, IgnoresCase: false, IsBase64: true));

    /// <summary>
    /// What base64 of anything that contains the bytes contains: <c>user:password</c>, or a whole document. A byte begins at one of three
    /// places in a group of four characters, and the characters that hold bits of the secret alone are the same whatever is around it.
    /// </summary>
    private static IEnumerable<string> Fragments(byte[] bytes)
    {
        for (var before = 0; before < 3; before++)
        {
            var first = ((8 * before) + 5) / 6;
            var end = 8 * (before + bytes.Length) / 6;
            if (end - first >= Redactor.MinimumLength) yield return Convert.ToBase64String([.. new byte[before], .. bytes])[first..end];
        }
    }
}
