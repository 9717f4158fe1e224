using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BacktestOps.Operations.Reports;

/// <summary>The report's texts in one language, and how values stand in them.</summary>
internal sealed partial class ReportText
{
    private static readonly Dictionary<string, (string Culture, string Resource)> Languages = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ko"] = ("ko-KR", "report.korean.json"),
        ["en"] = ("en-US", "report.english.json"),
    };

    private readonly Dictionary<string, string> _texts;
    private readonly TimeZoneInfo _zone;

    private ReportText(string language, TimeZoneInfo zone)
    {
        (Culture, _zone) = (Languages[language].Culture, zone);
        using var stream = typeof(ReportText).Assembly.GetManifestResourceStream(Languages[language].Resource)!;
        _texts = JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
        IsKorean = language.Equals("ko", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary><c>ko-KR</c> or <c>en-US</c>.</summary>
    public string Culture { get; }

    public bool IsKorean { get; }

    /// <summary>The time zone that moments are shown in.</summary>
    public string Zone => _zone.Id;

    public IReadOnlyCollection<string> Keys => _texts.Keys;

    /// <summary>The texts of a culture.</summary>
    /// <param name="culture">A culture's name; only its language counts.</param>
    /// <param name="zone">The time zone that moments are shown in.</param>
    /// <exception cref="ReportException">There are none in that language.</exception>
    public static ReportText For(string culture, TimeZoneInfo zone)
    {
        var language = culture.Split('-', '_')[0];
        return Languages.ContainsKey(language)
            ? new ReportText(language, zone)
            : throw new ReportException("CultureInvalid", $"There is no report in the language of '{culture}'.", "Use ko-KR or en-US.");
    }

    public string this[string key] => _texts.TryGetValue(key, out var text) ? text : throw new InvalidOperationException($"The report has no text '{key}'.");

    public bool Has(string key) => _texts.ContainsKey(key);

    /// <summary>A phrase in words.</summary>
    /// <param name="phrase">The phrase.</param>
    /// <param name="form">How it becomes part of a document.</param>
    public string Say(Phrase phrase, TextForm form)
    {
        // A criterion or a follow-up of another version has no text here, and is shown by its own name.
        if (!_texts.TryGetValue(phrase.Key, out var text)) return form.Code(phrase.Key[(phrase.Key.IndexOf('.', StringComparison.Ordinal) + 1)..]);
        text = Plural().Replace(text, place => place.Groups[phrase.Values[int.Parse(place.Groups["value"].ValueSpan, CultureInfo.InvariantCulture)] is 1 ? "one" : "many"].Value);
        return string.Format(CultureInfo.InvariantCulture, form.Template(text), [.. phrase.Values.Select(value => Show(value, form))]);
    }

    /// <summary>A value in words.</summary>
    public string Show(object value, TextForm form) => value switch
    {
        Phrase phrase => Say(phrase, form),
        Raw text => form.Code(text.Text),
        Moment moment => At(moment.At),
        TimeSpan time => Duration(time),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        int number => number.ToString("#,0", CultureInfo.InvariantCulture),
        decimal number => Number(number),
        _ => form.Name(value.ToString() ?? ""),
    };

    public static string Number(decimal value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    public string At(DateTimeOffset at) => Local(at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public string TimeOf(DateTimeOffset at) => Local(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, _zone);

    /// <summary>Tenths of a second are what is shown, and what sums are made of.</summary>
    public static TimeSpan Rounded(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds, 1, MidpointRounding.AwayFromZero));

    public string Duration(TimeSpan time)
    {
        var rounded = Rounded(time);
        var parts = new List<string>();
        var hours = (int)rounded.TotalHours;
        if (hours > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{hours}{(IsKorean ? "시간" : " h")}"));
        if (rounded.Minutes > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{rounded.Minutes}{(IsKorean ? "분" : " min")}"));
        var seconds = rounded.Seconds + (rounded.Milliseconds / 1000m);
        if (seconds > 0 || parts.Count == 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#}{(IsKorean ? "초" : " s")}"));
        return string.Join(' ', parts);
    }

    /// <summary>The numbers of records as a reference: <c>#12, #14–#18</c>.</summary>
    public string Reference(IEnumerable<int> evidence)
    {
        var runs = new List<(int From, int To)>();
        foreach (var number in evidence.Distinct().Order())
        {
            if (runs.Count > 0 && runs[^1].To == number - 1) runs[^1] = (runs[^1].From, number);
            else runs.Add((number, number));
        }

        return runs.Count == 0 ? "" : $"{this["evidence"]} {string.Join(", ", runs.Select(run => run.From == run.To ? Hash(run.From) : $"{Hash(run.From)}–{Hash(run.To)}"))}";
    }

    // {0:item|items}: the word for one, and for any other number.
    [GeneratedRegex(@"\{(?<value>\d):(?<one>[^|}]*)\|(?<many>[^}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Plural();

    private static string Hash(int number) => "#" + number.ToString(CultureInfo.InvariantCulture);
}
