using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Engine;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Service.Tests.Page;

/// <summary>Whatever the engine warns of, the page says in its own language: each warning is had from a real run and must be known to the page.</summary>
public sealed partial class RunWarningWordsTests
{
    private static readonly DateTime First = new(2020, 1, 6);

    public static TheoryData<string> Names => [.. Runs.Keys];

    private static readonly Dictionary<string, Func<BacktestOutcome>> Runs = new()
    {
        ["unadjusted"] = () => Run(Hold() with { Adjusted = true }, Bars("A", 10)),
        ["few"] = () => Run(new BacktestRequest { Symbols = ["A"], Strategy = "SmaCross" }, Bars("A", 5)),
        ["share"] = () => Run(Hold() with { InitialCash = 5 }, Bars("A", 10)),
        ["commission"] = () => Run(Hold() with { InitialCash = 5, FractionalShares = true, Commission = new() { Minimum = 6 } }, Bars("A", 10)),
        ["short"] = () => Run(Hold() with { Sizing = new() { Kind = SizingKind.FixedShares, Value = 1e6 } }, Bars("A", 10)),
        ["cut"] = () => Run(Hold() with { VolumeLimit = 0.01 }, Bars("A", 10)),
        ["entries"] = () => Run(Rules(new() { Entry = "true", Exit = "false", EntryOrder = new() { Kind = OrderKind.Limit, Price = "close - 100" } }), Bars("A", 10)),
        ["exits"] = () => Run(Rules(new() { Entry = "true", Exit = "true", ExitOrder = new() { Kind = OrderKind.Limit, Price = "close - 100" } }), Bars("A", 10)),
        ["margin"] = () => Run(Short(), Bars("A", 10, t => 10 + 2 * t)),
        ["ruin"] = () => Run(Short(), Bars("A", 10, t => t < 4 ? 10 : 100)),
        ["margin of several"] = () => Run(Short() with { Symbols = ["A", "B"], Cash = CashSharing.Shared }, Bars("A", 10, t => 10 + 2 * t), Bars("B", 10)),
        ["idle"] = () => Run(Hold("A", "B"), Bars("A", 10), Bars("B", 3, 10)),
        ["idle within a day"] = () => Run(Hold("A", "B"), Minutes("A", 0, 10), Minutes("B", 3, 10)),
        ["late"] = () => Run(Hold("A", "B") with { Cash = CashSharing.Shared }, Bars("A", 10), Bars("B", 3, 10)),
        ["ended"] = () => Run(Hold("A", "B"), Bars("A", 10), Bars("B", 0, 6)),
        ["gap"] = () => Run(Hold("A", "B"), Bars("A", 10), Sparse("B")),
        ["benchmark_unadjusted"] = () => Run(Hold() with { Adjusted = true }, Bars("A", 10, adjusted: true), Bars("X", 10), isCompared: true),
        ["benchmark_part"] = () => Run(Hold(), Bars("A", 10), Bars("X", 0, 6), isCompared: true),
        ["benchmark_none"] = () => Run(Hold(), Bars("A", 0, 4), Bars("X", 6, 10), isCompared: true),
        ["benchmark_longer"] = () => Run(Hold(), Bars("A", 30), Weeks("X", 5), isCompared: true),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_warning_of_the_engine_has_words(string name)
    {
        var patterns = Pattern().Matches(PageStrings.Read("page/assets/words.js"))
            .ToDictionary(match => match.Groups["name"].Value, match => new Regex(match.Groups["pattern"].Value.Replace("\\/", "/", StringComparison.Ordinal)));

        var warnings = Runs[name]().Warnings;

        var said = warnings.Select(warning => (warning, Known: patterns.SingleOrDefault(pattern => pattern.Value.IsMatch(warning)))).ToList();
        Assert.All(said, one => Assert.True(one.Known.Key is not null, $"The page has no words for: {one.warning}"));
        var (sentence, (key, pattern)) = Assert.Single(said, one => one.Known.Key == name.Split(' ')[0]);
        // Each place of the sentence is filled.
        Assert.All(PageStrings.Places(PageStrings.Korean["warning." + key]), place => Assert.True(pattern.Match(sentence).Groups[place.Trim('{', '}')].Success, $"{place} in {key}"));
    }

    [Fact]
    public void Every_warning_that_the_page_knows_is_had_from_a_run()
    {
        // One is of a home, and the others are of a sweep, not of the engine.
        var known = Pattern().Matches(PageStrings.Read("page/assets/words.js")).Select(match => match.Groups["name"].Value).Except(["changed", "hindsight", "unfound", "untraded"]);

        Assert.Equal(known.Order(StringComparer.Ordinal), Runs.Keys.Select(name => name.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal));
    }

    private static BacktestOutcome Run(BacktestRequest request, params BarSeries[] bars) => Run(request, bars, null);

    private static BacktestOutcome Run(BacktestRequest request, BarSeries bars, BarSeries benchmark, bool isCompared) =>
        isCompared ? Run(request with { Benchmark = benchmark.Symbol }, [bars], benchmark) : Run(request, bars, benchmark);

    private static BacktestOutcome Run(BacktestRequest request, BarSeries[] bars, BarSeries? benchmark) => Backtester.Run(request, bars, benchmark);

    private static BacktestRequest Hold(params string[] symbols) => new() { Symbols = symbols.Length == 0 ? ["A"] : symbols, Strategy = "BuyAndHold", InitialCash = 10_000 };

    private static BacktestRequest Rules(StrategyDefinition rules) => Hold() with { Strategy = "", Rules = rules };

    private static BacktestRequest Short() => Rules(new() { Entry = "false", Exit = "false", ShortEntry = "true", ShortExit = "false" }) with
    {
        Margin = new() { Initial = 0.5, Maintenance = 0.4 },
    };

    private static BarSeries Bars(string symbol, int count, Func<int, double>? price = null, bool adjusted = false) =>
        Bars(symbol, [.. Enumerable.Range(0, count).Select(t => First.AddDays(t))], price, adjusted);

    private static BarSeries Bars(string symbol, int first, int end) => Bars(symbol, [.. Enumerable.Range(first, end - first).Select(t => First.AddDays(t))]);

    private static BarSeries Minutes(string symbol, int first, int end) => Bars(symbol, [.. Enumerable.Range(first, end - first).Select(t => First.AddHours(9).AddMinutes(t))]);

    private static BarSeries Weeks(string symbol, int count) => Bars(symbol, [.. Enumerable.Range(0, count).Select(t => First.AddDays(7 * t))]);

    private static BarSeries Sparse(string symbol) => Bars(symbol, [.. new[] { 0, 1, 2, 4, 5, 8, 9 }.Select(t => First.AddDays(t))]);

    private static BarSeries Bars(string symbol, DateTime[] dates, Func<int, double>? price = null, bool adjusted = false)
    {
        double[] close = [.. dates.Select((_, t) => price?.Invoke(t) ?? 10 + t % 3)];
        return new(symbol, dates, close, close, close, close, [.. close.Select(_ => 1000.0)], adjusted ? close : null);
    }

    [GeneratedRegex(@"^  \[/(?<pattern>.+)/, 'warning\.(?<name>[a-z_]+)'", RegexOptions.Multiline)]
    private static partial Regex Pattern();
}
