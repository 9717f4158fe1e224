using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using BacktestOps.Contracts;
using BacktestOps.Runs.Reports;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests.Reports;

/// <summary>The report is whole, asks the network for nothing, and says what the result says.</summary>
public sealed partial class TearSheetTests
{
    private static readonly Lazy<Task<BacktestResult>> s_result = new(RunAsync);

    [Fact]
    public async Task ItNamesTheRunItsFiguresAndTheBenchmark()
    {
        var result = await s_result.Value;
        var page = Page(result);
        foreach (var expected in new[]
        {
            "SmaCross on SP500", result.BacktestId, ReportNumbers.Percent(result.Performance.TotalReturn), ReportNumbers.Ratio(result.Performance.SharpeRatio),
            "SP500, bought and held", "Rolling Sharpe ratio, 126 bars", "Information ratio", "std(r, ddof 1) √p", result.Data[0].Fingerprint, "next_open",
        })
        {
            Assert.Contains(HtmlText.Escape(expected), page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ItsHeadSaysTheParametersOfTheFigures()
    {
        Assert.Contains("</h1><p>fast = 10, slow = 20</p>", Page(await s_result.Value), StringComparison.Ordinal);
        var sweep = await SweepAsync();
        var best = sweep.Sweep!.Best!.Parameters;
        Assert.Contains($"</h1><p>fast = {best["fast"]}, slow = {best["slow"]}</p>", Page(sweep), StringComparison.Ordinal);
        // Of a walk-forward each stretch has its own.
        Assert.DoesNotContain("</h1><p>fast", Page(sweep with { Sweep = sweep.Sweep with { Windows = [] } }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItAsksTheNetworkForNothingAndRunsNothing()
    {
        var page = Page(await s_result.Value);
        Assert.DoesNotMatch(Request(), page);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSameResultGivesTheSameBytes()
    {
        var result = await s_result.Value;
        Assert.Equal(TearSheet.Write(result, "en"), TearSheet.Write(result, "en"));
    }

    [Fact]
    public async Task ChartsAreWellFormedAndShareNoName()
    {
        var page = Page(await s_result.Value);
        var charts = Chart().Matches(page).Select(match => XElement.Parse(match.Value)).ToList();
        Assert.Equal(6, charts.Count);
        var ids = charts.SelectMany(chart => chart.DescendantsAndSelf()).Select(part => part.Attribute("id")?.Value).OfType<string>().ToList();
        Assert.Equal(ids.Distinct(), ids);
        // Every colour of the plot became one of the page's, so that dark and light both read.
        Assert.All(charts, chart => Assert.Contains("var(--", chart.ToString(), StringComparison.Ordinal));
        Assert.All(charts, chart => Assert.DoesNotMatch(PlotColour(), chart.ToString()));
    }

    [Fact]
    public async Task TheMonthsAreThoseOfTheResult()
    {
        var result = await s_result.Value;
        var page = Page(result);
        foreach (var year in result.MonthlyReturns!)
        {
            var cells = year.Months.Append(year.Return).Select(value => value is { } number ? (Math.Round(number * 100, 1) + 0.0).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture) : "");
            var row = Regex.Match(page, $"<tr><th>{year.Year}</th>(.*?)</tr>").Groups[1].Value;
            Assert.Equal(cells, Cell().Matches(row).Select(match => match.Groups[1].Value));
        }
    }

    [Fact]
    public async Task NamesFromOutsideAreTextAndNoMarkup()
    {
        var result = await s_result.Value;
        const string Hostile = "<img src=x onerror=alert(1)>\"'&";
        var page = Page(result with
        {
            BacktestId = Hostile,
            Request = result.Request with { Strategy = Hostile, Symbols = [Hostile] },
            Warnings = [Hostile],
            Data = [result.Data[0] with { Symbol = Hostile, Source = Hostile }],
            BenchmarkData = result.BenchmarkData! with { Symbol = Hostile },
            Trades = [result.Trades[0] with { Symbol = Hostile }],
        });
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WarningsAreShownAndNoBoxWithoutOne()
    {
        var result = await s_result.Value;
        Assert.Contains("<li>mind the gap</li>", Page(result with { Warnings = ["mind the gap"] }), StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"warnings\"", Page(result with { Warnings = [] }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyTradesAreCutAndItIsSaid()
    {
        var result = await s_result.Value;
        var page = Page(result with { Trades = [.. Enumerable.Range(0, 1500).Select(i => result.Trades[0] with { Profit = i })] });
        Assert.Contains("1,500 closed trades; the first and last 500 are shown", page, StringComparison.Ordinal);
        Assert.Contains("<td>500</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<td>501</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>1,001</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AResultOfAnEarlierReleaseWithoutTheNewerPartsIsStillAPage()
    {
        var result = await s_result.Value;
        var page = Page(result with { MonthlyReturns = null, RollingSharpe = null, BenchmarkCurve = null, BenchmarkData = null, Trades = [], OpenPositions = [] });
        Assert.Contains("No trade was closed.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("bought and held</span>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AResultWithoutAnEquityCurveIsRefused()
    {
        var result = await s_result.Value;
        Assert.Contains("no equity curve", Assert.Throws<MarketDataException>(() => TearSheet.Write(result with { EquityCurve = [] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InKoreanItSpeaksKoreanAndTheNumbersAreTheSame()
    {
        var result = await s_result.Value;
        var page = Encoding.UTF8.GetString(TearSheet.Write(result, "ko-KR"));
        Assert.Contains("<html lang=\"ko\">", page, StringComparison.Ordinal);
        Assert.Contains("총수익률", page, StringComparison.Ordinal);
        Assert.Contains(ReportNumbers.Percent(result.Performance.TotalReturn), page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ko")]
    public void EveryFigureHasANameAndAMeaningInEveryLanguage(string language)
    {
        var words = ReportLanguage.For(language);
        foreach (var (group, figures) in ReportFigures.All)
        {
            Assert.NotNull(words.Figure("group." + group));
            Assert.All(figures, figure => Assert.False(string.IsNullOrWhiteSpace(words.Figure("figure." + figure.Member)) || string.IsNullOrWhiteSpace(words.Figure("meaning." + figure.Member)), figure.Member));
        }
    }

    [Fact]
    public async Task ASweepShowsItsHeatmapItsBestAndWhatTheyAreWorth()
    {
        var result = await SweepAsync();
        var page = Page(result);
        Assert.Contains("Sweep: Sharpe ratio by slow and fast", page, StringComparison.Ordinal);
        Assert.Contains("6 variants were run of 6 combinations", page, StringComparison.Ordinal);
        Assert.Contains($"<dd>{ReportNumbers.Percent(result.Sweep!.Statistics.DeflatedSharpeRatio)}</dd>", page, StringComparison.Ordinal);
        Assert.Contains($"<td>{ReportNumbers.Ratio(result.Sweep.Best!.SharpeRatio)}</td>", page, StringComparison.Ordinal);
        // The picture is in the page: a bitmap of the numbers and no request.
        Assert.Contains("xlink:href=\"data:image/png;base64,", page, StringComparison.Ordinal);
        Assert.Equal(TearSheet.Write(result, "en"), TearSheet.Write(result, "en"));
    }

    [Theory]
    [InlineData("en", "Out of sample: ", "judged in 2 windows", "Windows of the walk-forward", " variants on the bars before it")]
    [InlineData("ko", "표본 외 구간: ", "구간 2개로 평가", "워크포워드 구간", "변형 6개 중 매개변수를 선택")]
    public async Task AWalkForwardSaysWhichDaysItsFiguresAreOfAndWhatEachWindowChose(string language, string outside, string judged, string heading, string chosen)
    {
        var result = await WalkAsync();
        var (first, last) = (result.EquityCurve[0].Date, result.EquityCurve[^1].Date);
        Assert.True(first > result.Data[0].First, "The bars in sample come first: this test would prove nothing.");

        var page = Encoding.UTF8.GetString(TearSheet.Write(result, language));

        Assert.Contains(outside, page, StringComparison.Ordinal);
        Assert.Contains(judged, page, StringComparison.Ordinal);
        Assert.Contains($"{outside}{first:yyyy-MM-dd} {(language == "en" ? "to" : "~")} {last:yyyy-MM-dd}", page, StringComparison.Ordinal);
        Assert.Contains($"<h2>{heading}</h2>", page, StringComparison.Ordinal);
        Assert.Contains(chosen, page, StringComparison.Ordinal);
        // A table row a window, with its own parameters and days.
        Assert.All(result.Sweep!.Windows!, window => Assert.Matches(
            $"<td>{window.OutOfSampleFirst:yyyy-MM-dd} (to|~) {window.OutOfSampleLast:yyyy-MM-dd}</td><td>fast = {window.Chosen!.Parameters["fast"]}, slow = {window.Chosen.Parameters["slow"]}</td>", page));
        Assert.DoesNotContain("of the one that was chosen", page, StringComparison.Ordinal);
        Assert.DoesNotContain("선택된 하나의 것", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatASweepHoldsFixedIsSaidWithWhatItChose()
    {
        var result = await RunAsync(new()
        {
            Symbols = ["SP500"], Strategy = "SmaCross", Parameters = new Dictionary<string, double> { ["slow"] = 50 },
            Sweep = new() { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [5, 10] } },
        });

        Assert.Contains($"</h1><p>fast = {result.Sweep!.Best!.Parameters["fast"]}, slow = 50</p>", Page(result), StringComparison.Ordinal);
    }

    private static Task<BacktestResult> WalkAsync() => RunAsync(new()
    {
        Symbols = ["SP500"],
        Strategy = "SmaCross",
        Benchmark = "SP500",
        Sweep = new()
        {
            Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [5, 10], ["slow"] = [50, 100, 200] },
            WalkForward = new() { InSample = 2500, OutOfSample = 1500 },
        },
    });

    private static Task<BacktestResult> SweepAsync() => RunAsync(new()
    {
        Symbols = ["SP500"],
        Strategy = "SmaCross",
        Sweep = new() { Parameters = new Dictionary<string, IReadOnlyList<double>> { ["fast"] = [5, 10], ["slow"] = [50, 100, 200] } },
    });

    private static string Page(BacktestResult result) => Encoding.UTF8.GetString(TearSheet.Write(result, "en"));

    private static Task<BacktestResult> RunAsync() => RunAsync(new() { Symbols = ["SP500"], Strategy = "SmaCross", Benchmark = "SP500" });

    private static async Task<BacktestResult> RunAsync(BacktestRequest request)
    {
        using var home = new TempFolder();
        await using var runner = await BacktestRunner.OpenAsync(new() { HomePath = home.Path }, CancellationToken.None);
        var started = await runner.StartAsync(request, CancellationToken.None);
        var ended = await runner.EndAsync(started.BacktestId);
        return JsonSerializer.Deserialize((await runner.GetResultAsync(ended.BacktestId)).Content.Span, ContractsJson.Default.BacktestResult)!;
    }

    [GeneratedRegex("<script|<link|<img|<iframe|@import|url\\((?!#clip-)|(src|href)=|\\son\\w+=", RegexOptions.IgnoreCase)]
    private static partial Regex Request();

    [GeneratedRegex("<svg [^>]*class=\"chart.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Chart();

    [GeneratedRegex(@"rgb\(")]
    private static partial Regex PlotColour();

    [GeneratedRegex("<td[^>]*>([^<]*)</td>")]
    private static partial Regex Cell();
}
