using BacktestOps.Contracts;

namespace BacktestOps.Engine.Tests;

/// <summary>Whole runs on real prices against numbers that others computed, each to 1e-9 of its value.</summary>
/// <remarks>
/// <para>
/// Source "decimal": an independent program in Python (decimal, 60 digits, averages compared as exact products), written from
/// the conventions alone and run once on 2026-11-23 over the same files; its figures stand in the rows.
/// </para>
/// <para>
/// Source "backtesting.py": kernc/backtesting.py at commit 9c2b8e1 (after 0.6.6), run once on the same files with
/// <c>commission=rate, finalize_trades=False</c>, buying at crossings up, closing at crossings down, the crossings computed
/// from decimals by the convention a ≤ b before, a &gt; b now. Where its definitions are ours (equity, return, drawdown,
/// trades, win rate) they agree to its last digits: IBM 110574.20186999998, BAC 25741.04417999997, QQQ 112603.22132999999,
/// SPY 383853.89968499995, AIG 30337.519999999902, and the Sharpe of its curve by our formula. What differs:
/// its own Sharpe is annualised geometrically (IBM 0.0208, ours 0.1384); its commission leaves out the position that is
/// still open (IBM 35770.59823, ours 35872.64813: the entry of 829 shares at the end); its <c>crossover</c> wants a &lt; b before,
/// and averages in doubles, so that BAC ends at 27031.24 and QQQ at 109994.36 with one trade less; with a minimum commission
/// it sizes as if each share paid the minimum, so that case rests on the decimal program alone.
/// </para>
/// </remarks>
public class ReferenceTests
{
    private static BacktestRequest Sma(int fast, int slow, double cash, double rate, double minimum = 0, bool fractional = false) => new()
    {
        Symbols = ["SP500"],
        Strategy = "SmaCross",
        Parameters = new Dictionary<string, double> { ["fast"] = fast, ["slow"] = slow },
        InitialCash = cash,
        Commission = new CommissionTerms { Rate = rate, Minimum = minimum },
        FractionalShares = fractional,
    };

    // symbol, fast, slow, cash, rate, minimum, fractional | final equity, Sharpe, drawdown, trades, won, commission. Source: decimal; without a minimum also backtesting.py.
    [Theory]
    [InlineData("IBM", 10, 20, 100000, .001, 0, false, 110574.20187, 0.1384483744082016, -0.6335439688967661, 155, 67, 35872.64813)]
    [InlineData("BAC", 10, 20, 100000, .001, 0, false, 25741.04418, -0.0387821551210251, -0.9433099146746728, 162, 69, 11697.98582)]
    [InlineData("QQQ", 10, 20, 100000, .001, 0, false, 112603.22133, 0.16834831662590313, -0.7916997959911888, 102, 44, 13244.38867)]
    [InlineData("SPY", 50, 200, 100000, .0005, 0, false, 383853.899685, 0.5077293328987131, -0.3408603899883572, 11, 8, 2281.030315)]
    [InlineData("AIG", 3, 8, 100000, 0, 0, false, 30337.52, 0.05616304279374789, -0.964919226987873, 404, 157, 0)]
    [InlineData("BAC", 5, 20, 25000, .001, 5, false, 6195.81868, -0.04103509420417882, -0.926738142222202, 185, 69, 3500.71132)]
    [InlineData("AIG", 3, 8, 100000, 0, 1, true, 29515.561024331717, 0.05334523391716024, -0.9653248026743216, 404, 157, 809)]
    public void Sma_cross_on_a_real_stock_gives_the_figures_of_other_programs(
        string symbol, int fast, int slow, double cash, double rate, double minimum, bool fractional,
        double final, double sharpe, double drawdown, int trades, int won, double commission)
    {
        var request = Sma(fast, slow, cash, rate, minimum, fractional) with { Symbols = [symbol] };

        var outcome = Sample.Run(request, RealPrices.Shared(symbol));

        AssertFigures(outcome.Performance, cash, final, sharpe, drawdown, trades, won, commission);
    }

    // The same on the excerpt that is in this assembly. Source: decimal.
    [Theory]
    [InlineData(10, 20, 100000, .001, 0, false, 96174.595967124, -0.16372073216534996, -0.10256670199658909, 5, 3, 1080.887810876)]
    [InlineData(3, 8, 10000, .0005, 2, true, 6987.557855497906, -1.5362967748538754, -0.3383213968378095, 21, 4, 182.1836859786351)]
    public void Sma_cross_on_the_sp500_of_2008_gives_the_figures_of_another_program(
        int fast, int slow, double cash, double rate, double minimum, bool fractional,
        double final, double sharpe, double drawdown, int trades, int won, double commission)
    {
        var outcome = Sample.Run(Sma(fast, slow, cash, rate, minimum, fractional), RealPrices.Sp500In2008());

        AssertFigures(outcome.Performance, cash, final, sharpe, drawdown, trades, won, commission);
    }

    [Fact]
    public void Buy_and_hold_of_the_sp500_in_2008_gives_the_figures_of_another_program()
    {
        var request = Sma(10, 20, 100000, 0) with { Strategy = "BuyAndHold", Parameters = new Dictionary<string, double>() };

        var outcome = Sample.Run(request, RealPrices.Sp500In2008());

        AssertFigures(outcome.Performance, 100000, 62443.296619, -0.9444259846961962, -0.47962593243, 0, 0, 0);
        Assert.Equal(69, Assert.Single(outcome.OpenPositions).Quantity);
    }

    // Adjusted prices of six decimals, opens scaled by adjusted close / close. Source: decimal.
    [Theory]
    [InlineData("AAPL", null, null, 0, true, 96258886.36388263, 0.9179038130667206, -0.8180310692077966, 0, 0, 0)]
    [InlineData("SPY", null, null, .001, false, 615956.0945674352, 0.4994617310508606, -0.5514962482372716, 0, 0, 99.84088454801677)]
    [InlineData("AAPL", 20, 50, .001, true, 8211730.93294205, 0.7541586542903718, -0.7890531893316381, 61, 36, 205949.29591621176)]
    public void Adjusted_prices_give_the_figures_of_another_program(
        string symbol, int? fast, int? slow, double rate, bool fractional,
        double final, double sharpe, double drawdown, int trades, int won, double commission)
    {
        var request = Sma(fast ?? 10, slow ?? 20, 100000, rate, 0, fractional) with { Symbols = [symbol], Adjusted = true };
        if (fast is null) request = request with { Strategy = "BuyAndHold", Parameters = new Dictionary<string, double>() };

        var outcome = Sample.Run(request, RealPrices.Shared(symbol));

        AssertFigures(outcome.Performance, 100000, final, sharpe, drawdown, trades, won, commission);
    }

    // Equal shares of the cash over symbols of different length, marks kept, cash before the first bar. Source: decimal.
    [Fact]
    public void Four_stocks_that_begin_in_different_years_give_the_figures_of_another_program()
    {
        string[] symbols = ["SPY", "GOOG", "AAPL", "IWM"];
        var request = Sma(20, 50, 100000, .001, 1) with { Symbols = symbols, Adjusted = true };

        var outcome = Sample.Run(request, [.. symbols.Select(RealPrices.Shared)]);

        AssertFigures(outcome.Performance, 100000, 2268799.9683225895, 0.7842626719712432, -0.4894910574643042, 217, 114, 62962.17592833789);
        Assert.Equal([("GOOG", 37), ("IWM", 329), ("SPY", 163)], outcome.OpenPositions.Select(open => (open.Symbol, (int)open.Quantity)));
        Assert.Equal(5849, outcome.EquityCurve.Count);
    }

    [Fact]
    public void Three_stocks_cut_to_a_range_give_the_figures_of_another_program()
    {
        string[] symbols = ["AAPL", "GOOG", "IWM"];
        var request = Sma(10, 30, 100000, .001, 1, fractional: true) with
        {
            Symbols = symbols,
            From = new DateOnly(2004, 1, 1),
            To = new DateOnly(2010, 12, 31),
        };

        var outcome = Sample.Run(request, [.. symbols.Select(RealPrices.Shared)]);

        AssertFigures(outcome.Performance, 100000, 389614.68016788363, 0.985169733110088, -0.3584987062768651, 81, 40, 11172.460716530015);
        Assert.Equal(1763, outcome.EquityCurve.Count);
    }

    private static void AssertFigures(
        Performance performance, double cash, double final, double sharpe, double drawdown, int trades, int won, double commission)
    {
        Near(final, performance.FinalEquity);
        Near(final / cash - 1, performance.TotalReturn);
        Near(sharpe, performance.SharpeRatio!.Value);
        Near(drawdown, performance.MaxDrawdown);
        Near(commission, performance.CommissionPaid);
        Assert.Equal(trades, performance.TotalTrades);
        Assert.Equal(trades == 0 ? null : (double)won / trades, performance.WinRate);
    }

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, Math.Max(1e-12, Math.Abs(expected) * 1e-9));
}
