using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Engine.Rules;

namespace BacktestOps.Engine.Tests.Rules;

/// <summary>The strategies that ship are as a user would write them, and each does something.</summary>
public class CatalogueTests
{
    public static TheoryData<string> Strategies => [.. StrategyCatalog.All.Select(strategy => strategy.Name)];

    [Fact]
    public void The_catalogue_is_a_file_that_a_user_could_have_written()
    {
        using var stream = typeof(StrategyCatalog).Assembly.GetManifestResourceStream(StrategyCatalog.Resource)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);

        var read = StrategyFile.Parse(copy.ToArray(), StrategyCatalog.Resource);

        Assert.Equal(
            ["BollingerReversion", "BuyAndHold", "DonchianBreakout", "EmaCross", "MacdCross", "MeanReversionZScore", "Momentum", "Rebalance", "RsiReversion", "SmaCross"],
            read.Select(strategy => strategy.Name!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_strategy_shows_its_rules_and_trades_on_real_prices(string name)
    {
        var info = StrategyCatalog.All.Single(strategy => strategy.Name == name);
        Assert.NotEmpty(info.Entry);
        Assert.NotEmpty(info.Exit);
        Assert.NotEmpty(info.Description);
        Assert.All(info.Parameters, parameter => Assert.NotEmpty(parameter.Description));
        var bars = RealPrices.Sp500In2008();
        var request = new BacktestRequest { Symbols = [bars.Symbol], Strategy = name };
        // The index fell by a third over the year: the default half year of momentum waits for a rise that does not come.
        if (name == "Momentum") request = request with { Parameters = new Dictionary<string, double> { ["window"] = 20 } };

        var outcome = Sample.Run(request, bars);

        Assert.NotEqual(0, outcome.Trades.Count + outcome.OpenPositions.Count);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_strategy_of_the_catalogue_under_another_name_is_the_same_strategy(string name)
    {
        var bars = RealPrices.Sp500In2008();
        var own = StrategyCatalog.FindDefinition(name)! with { Name = "Mine" };

        var ours = Sample.Run(new BacktestRequest { Symbols = [bars.Symbol], Rules = own }, bars);
        var theirs = Sample.Run(new BacktestRequest { Symbols = [bars.Symbol], Strategy = name }, bars);

        Assert.Equal(theirs.EquityCurve, ours.EquityCurve);
        Assert.Equal(theirs.Trades, ours.Trades);
    }

    [Fact]
    public void A_name_that_is_not_there_finds_nothing()
    {
        Assert.Null(StrategyCatalog.FindDefinition("Astrology"));
        Assert.Null(StrategyCatalog.FindDefinition(null));
        Assert.Equal("SmaCross", StrategyCatalog.FindDefinition("smacross")!.Name);
    }

    [Fact]
    public void What_callers_see_of_a_strategy_is_JSON_that_reads_back()
    {
        var json = JsonSerializer.Serialize(StrategyCatalog.All, ContractsJson.Default.IReadOnlyListStrategyInfo);

        var read = JsonSerializer.Deserialize(json, ContractsJson.Default.IReadOnlyListStrategyInfo)!;

        Assert.Contains("\"entry\": \"crossover(sma(close, $fast), sma(close, $slow))\"", json, StringComparison.Ordinal);
        Assert.Equal(json, JsonSerializer.Serialize(read, ContractsJson.Default.IReadOnlyListStrategyInfo));
    }
}
