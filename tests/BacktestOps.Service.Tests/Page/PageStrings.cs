using System.Text.RegularExpressions;

namespace BacktestOps.Service.Tests.Page;

/// <summary>The page's strings, as its script files have them.</summary>
internal static partial class PageStrings
{
    public static readonly IReadOnlyDictionary<string, string> English = Strings("en");
    public static readonly IReadOnlyDictionary<string, string> Korean = Strings("ko");

    /// <summary>The files of the page.</summary>
    public static string[] Names() => typeof(ServiceHost).Assembly.GetManifestResourceNames();

    /// <summary>One of them.</summary>
    public static string Read(string name)
    {
        using var reader = new StreamReader(typeof(ServiceHost).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    /// <summary>The names that are filled in, in order.</summary>
    public static IEnumerable<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);

    private static Dictionary<string, string> Strings(string language) =>
        Entry().Matches(Read($"page/assets/i18n/{language}.js") + Read($"page/assets/i18n/{language}-figures.js"))
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    [GeneratedRegex("^  '([^']+)': '(.*)',$", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Place();
}
