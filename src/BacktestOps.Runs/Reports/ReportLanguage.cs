using System.Globalization;
using System.Text.RegularExpressions;

namespace BacktestOps.Runs.Reports;

/// <summary>The words of a report, in one language. Names and meanings of figures are those of the service's page, from the same files.</summary>
internal sealed partial class ReportLanguage
{
    private static readonly Dictionary<string, ReportLanguage> s_known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = new("en", 0),
        ["ko"] = new("ko", 1),
    };

    private readonly int _column;
    private readonly Lazy<Dictionary<string, string>> _figures;

    private ReportLanguage(string code, int column)
    {
        (Code, _column) = (code, column);
        _figures = new(() => ReadFigures($"{code}-figures.js"));
    }

    /// <summary>The codes of the languages there are.</summary>
    public static IReadOnlyCollection<string> Codes => s_known.Keys;

    /// <summary>The language's code, as HTML names it.</summary>
    public string Code { get; }

    /// <summary>The language of a code or of a culture's name; English for one that there is none for.</summary>
    public static ReportLanguage For(string? name) =>
        s_known.GetValueOrDefault((name ?? CultureInfo.CurrentUICulture.Name).Split('-')[0], s_known["en"]);

    /// <summary>A text of <see cref="ReportTexts"/>, with values filled in.</summary>
    public string this[string key, params object[] values]
    {
        get
        {
            var pair = ReportTexts.All[key];
            var text = _column == 0 ? pair.English : pair.Korean;
            return values.Length == 0 ? text : string.Format(CultureInfo.InvariantCulture, text, values);
        }
    }

    /// <summary>The name of a figure or a group of figures, or the meaning of a figure; null where there is none.</summary>
    public string? Figure(string key) => _figures.Value.GetValueOrDefault(key);

    private static Dictionary<string, string> ReadFigures(string resource)
    {
        using var stream = typeof(ReportLanguage).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return Entry().Matches(reader.ReadToEnd()).ToDictionary(match => match.Groups["key"].Value, match => match.Groups["text"].Value.Replace("\\'", "'", StringComparison.Ordinal), StringComparer.Ordinal);
    }

    // One entry a line, as those files are written: 'key': 'text',
    [GeneratedRegex(@"^\s*'(?<key>[^']+)':\s*'(?<text>(?:[^'\\]|\\.)*)',?\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Entry();
}
