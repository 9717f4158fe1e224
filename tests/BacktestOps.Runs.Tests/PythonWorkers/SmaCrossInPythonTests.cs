using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Engine;
using BacktestOps.Engine.Bars;
using BacktestOps.Runs.MarketData;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests.PythonWorkers;

/// <summary>The example that ships is the engine's SmaCross, trade for trade, where averages tie too.</summary>
public sealed class SmaCrossInPythonTests : IDisposable
{
    private readonly PythonLab _lab = new PythonLab().With("sma_cross", Example());

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(10, 20)]
    [InlineData(50, 200)]
    public void OnTheIndexBothGiveTheSameResult(int fast, int slow) => BothGiveTheSame(BundledCatalog.Instance.Load("SP500").Bars, fast, slow);

    // Exact ties of the two averages, as counted by decimal arithmetic in EqualIsEqualTests of the engine: 27, 2, 2 and 3.
    [Theory]
    [InlineData("BAC", 2, 4)]
    [InlineData("BAC", 10, 20)]
    [InlineData("QQQ", 10, 20)]
    [InlineData("AIG", 3, 8)]
    public void OnRealPricesWithTiesBothGiveTheSameResult(string symbol, int fast, int slow) =>
        BothGiveTheSame(new FolderCatalog(SharedData.Daily()).Load(symbol).Bars, fast, slow);

    // The example's target is 0 where the averages have crossed below; below it is -1 from the first time on.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LongAndShortGivesTheResultOfTheRulesWithTheirCostsAndTheirMargin(bool atTheClose)
    {
        _lab.With("both_ways", Example().Replace("target = 0\n            before", "target = -1\n            before", StringComparison.Ordinal));
        var bars = BundledCatalog.Instance.Load("SP500").Bars;
        const string Fast = "sma(close, 10)", Slow = "sma(close, 20)";
        var rules = PythonLab.Request("") with
        {
            Symbols = [bars.Symbol],
            Rules = new()
            {
                Name = "BothWays", Parameters = [], Entry = $"crossover({Fast}, {Slow})", Exit = $"crossunder({Fast}, {Slow})",
                ShortEntry = $"crossunder({Fast}, {Slow})", ShortExit = $"crossover({Fast}, {Slow})",
            },
            Commission = new CommissionTerms { Rate = 0.001, Minimum = 1 },
            Slippage = new() { BasisPoints = 2 },
            Margin = new() { BorrowRate = 0.04 },
            Fill = atTheClose ? FillTiming.Close : FillTiming.NextOpen,
        };

        var ours = Backtester.Run(rules, [bars], null, TestContext.Current.CancellationToken);
        var theirs = _lab.Run(rules with { Strategy = "py:both_ways", Rules = null, Parameters = new Dictionary<string, double> { ["fast"] = 10, ["slow"] = 20 } }, bars);

        Assert.Contains(ours.Trades, trade => trade is { Quantity: < 0, BorrowCost: > 0, ExitReason: ExitReason.Reversal });
        // Rules know from which bar on they can say something, and a file is a file: all else is the same.
        Assert.Equal(JsonSerializer.Serialize(ours), JsonSerializer.Serialize(theirs with { StrategyFile = null }));
    }

    private void BothGiveTheSame(BarSeries bars, int fast, int slow)
    {
        var python = PythonLab.Request("py:sma_cross", ("fast", fast), ("slow", slow)) with
        {
            Symbols = [bars.Symbol], Commission = new CommissionTerms { Rate = 0.001, Minimum = 1 },
        };

        var ours = Backtester.Run(python with { Strategy = "SmaCross" }, [bars], null, TestContext.Current.CancellationToken);
        var theirs = _lab.Run(python, bars);

        Assert.NotEmpty(ours.Trades);
        // The file is what they differ in by their nature; every figure, trade and point of the curve is the same.
        Assert.Equal("sma_cross.py", theirs.StrategyFile?.Name);
        Assert.Equal(JsonSerializer.Serialize(ours), JsonSerializer.Serialize(theirs with { StrategyFile = null }));
    }

    private static string Example()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "BacktestOps.sln")))
            root = root.Parent;
        Assert.SkipWhen(root is null, "This test run is not inside the project's folder, so the module's examples can't be found.");
        return File.ReadAllText(Path.Combine(root!.FullName, "module", "BacktestOps", "examples", "python", "sma_cross.py"));
    }
}
