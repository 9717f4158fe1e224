using System.Text.RegularExpressions;

namespace BacktestOps.Service.Tests.Page;

/// <summary>The page's strings: the same keys in both languages, every key used exists, none is left over.</summary>
public sealed partial class PageStringsTests
{
    private static readonly IReadOnlyDictionary<string, string> English = PageStrings.English;
    private static readonly IReadOnlyDictionary<string, string> Korean = PageStrings.Korean;

    [Fact]
    public void Both_languages_have_the_same_keys_with_the_same_values_to_fill_in()
    {
        Assert.True(English.Count > 100, $"only {English.Count} strings were read");
        Assert.Equal(English.Keys.Order(StringComparer.Ordinal), Korean.Keys.Order(StringComparer.Ordinal));
        Assert.All(English, pair => Assert.Equal(PageStrings.Places(pair.Value), PageStrings.Places(Korean[pair.Key])));
        Assert.All(Korean.Where(pair => Hangul().IsMatch(pair.Value) is false), pair => Assert.Contains('{', pair.Value));
    }

    [Fact]
    public void Every_key_that_the_page_uses_exists_and_every_key_is_used()
    {
        var code = string.Concat(PageStrings.Names().Where(name => name.EndsWith(".js", StringComparison.Ordinal) && !name.Contains("i18n/", StringComparison.Ordinal)).Select(PageStrings.Read));
        var html = PageStrings.Read("page/specific-stock-selection.html");
        var sections = English.Keys.Select(key => key.Split('.')[0]).ToHashSet();
        var used = Quoted().Matches(code).Select(match => match.Groups[1].Value)
            .Concat(Marked().Matches(html).Select(match => match.Groups[1].Value))
            .Where(key => sections.Contains(key.Split('.')[0]) && key.Contains('.', StringComparison.Ordinal) && !key.EndsWith(".js", StringComparison.Ordinal))
            .Append("title").ToHashSet();
        var prefixes = Template().Matches(code).Select(match => match.Groups[1].Value).Where(prefix => sections.Contains(prefix.TrimEnd('.'))).ToHashSet();

        Assert.All(used, key => Assert.Contains(key, English));
        Assert.Equal(["fault.", "figure.", "group.", "meaning.", "problem.", "run.", "runs."], prefixes.Order(StringComparer.Ordinal));
        Assert.All(English.Keys, key => Assert.True(used.Contains(key) || prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)), $"'{key}' is not used"));
    }

    [Fact]
    public void Every_figure_has_a_name_and_a_meaning_and_every_status_a_word()
    {
        var figures = FigureMember().Matches(PageStrings.Read("page/assets/figures.js")).Select(match => match.Groups[1].Value).ToList();
        var members = English.Keys.Where(key => key.StartsWith("figure.", StringComparison.Ordinal)).Select(key => key["figure.".Length..]);

        Assert.Equal(figures.Order(StringComparer.Ordinal), members.Order(StringComparer.Ordinal));
        Assert.All(figures, figure => Assert.Contains("meaning." + figure, English));
        foreach (var status in Enum.GetNames<Contracts.BacktestStatus>().Select(name => name.ToLowerInvariant()))
        {
            Assert.Contains("run." + status, English);
            Assert.True(status == "running" || English.ContainsKey("runs." + status), status); // a running one shows its percentage
        }
    }

    [Fact]
    public void The_HTML_says_in_English_what_the_strings_say()
    {
        var html = PageStrings.Read("page/specific-stock-selection.html");
        var texts = MarkedText().Matches(html);

        Assert.True(texts.Count > 30, $"only {texts.Count} texts were read");
        Assert.All(texts, match => Assert.Equal(English[match.Groups[1].Value], match.Groups[2].Value));
    }

    [GeneratedRegex(@"\p{IsHangulSyllables}")]
    private static partial Regex Hangul();

    [GeneratedRegex(@"'([a-z]+(?:\.[a-z_]+)+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex("data-i18n(?:-[a-z-]+)?=\"([^\"]+)\"")]
    private static partial Regex Marked();

    [GeneratedRegex(@"[`]([a-z]+\.)\$\{")]
    private static partial Regex Template();

    [GeneratedRegex(@"\['([a-z_.]+)', (?:percent|money|ratio|count|period|span)\]")]
    private static partial Regex FigureMember();

    [GeneratedRegex("data-i18n=\"([^\"]+)\"[^>]*>([^<]+)<")]
    private static partial Regex MarkedText();
}
