using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace BacktestOps.Operations.Reports;

/// <summary>How texts become part of a document, so that nothing that was recorded is read as markup.</summary>
/// <param name="Template">The report's own words.</param>
/// <param name="Name">A name or another short text that was recorded.</param>
/// <param name="Code">What was seen, as it was recorded.</param>
internal sealed partial record TextForm(Func<string, string> Template, Func<string, string> Name, Func<string, string> Code)
{
    private const int Longest = 160;

    public static TextForm Plain { get; } = new(text => text, text => text, text => text);

    public static TextForm Markdown { get; } = new(text => text, EscapeMarkdown, text => OneLine(text) is { Length: > 0 } line ? $"`{line.Replace('`', '\'')}`" : "-");

    public static TextForm Html { get; } = new(
        WebUtility.HtmlEncode, text => WebUtility.HtmlEncode(OneLine(text)), text => OneLine(text) is { Length: > 0 } line ? $"<code>{WebUtility.HtmlEncode(line)}</code>" : "-");

    private static string OneLine(string text)
    {
        var line = Blanks().Replace(text, " ").Trim();
        return line.Length > Longest ? line[..(Longest - 1)] + "…" : line;
    }

    private static string EscapeMarkdown(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in OneLine(text))
        {
            if (letter is '*' or '[' or ']' or '<' or '`' or '|' or '\\') escaped.Append('\\');
            escaped.Append(letter);
        }

        return escaped.ToString();
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();
}
