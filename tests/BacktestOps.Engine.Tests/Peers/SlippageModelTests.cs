using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Engine.Tests.Peers;

/// <summary>The impact of an order that is a part of its bar's volume, by the expected values of zipline's and LEAN's own tests.</summary>
/// <remarks>
/// zipline-reloaded at 943010b, tests/finance/test_slippage.py (<c>VolumeShareSlippageTestCase.test_orders_limit</c>: an order of 100, a
/// bar of 2,000 shares at 3.50, a limit of 2.5 % and an impact of 0.1 by default). QuantConnect/Lean at 24863901d,
/// Tests/Common/Orders/Slippage/SlippageModelsTests.cs (bars at 100, impact × share of the volume²). LEAN fills an order above its limit whole and
/// counts the limit's impact; ours, as zipline, fills the limit's part at that price.
/// </remarks>
public class SlippageModelTests
{
    [Theory]
    [InlineData("zipline, long", 1, 3.5, 2000, 100, 0.025, 0.1, 50, 3.50021875)]
    [InlineData("zipline, short", -1, 3.5, 2000, 100, 0.025, 0.1, -50, 3.49978125)]
    [InlineData("LEAN, high volume", 1, 100, 100, 1, 0.025, 0.1, 1, 100.001)]
    [InlineData("LEAN, default values", 1, 100, 1, 1, 0.025, 0.1, 0.025, 100.00625)]
    [InlineData("LEAN, doubled", 1, 100, 1, 1, 0.05, 0.2, 0.05, 100.05)]
    [InlineData("LEAN, halved", 1, 100, 1, 1, 0.0125, 0.05, 0.0125, 100.00078125)]
    public void A_fill_and_its_price_are_those_of_the_others_tests(
        string name, int side, double price, double volume, double shares, double limit, double impact, double filled, double fillPrice)
    {
        var request = Sample.BuyAndHold() with
        {
            Strategy = "",
            Rules = side > 0 ? new() { Entry = "true", Exit = "false" } : new() { Entry = "false", Exit = "false", ShortEntry = "true" },
            InitialCash = 100_000,
            FractionalShares = true,
            Sizing = new() { Kind = SizingKind.FixedShares, Value = shares },
            Slippage = new() { VolumeImpact = impact },
            VolumeLimit = limit,
        };

        var position = Assert.Single(Sample.Run(request, Flat(price, volume)).OpenPositions);

        Assert.True(Math.Abs(position.Quantity - filled) < 1e-9, FormattableString.Invariant($"{name}: {position.Quantity} shares"));
        Assert.True(Math.Abs(position.EntryPrice - fillPrice) < 1e-9, FormattableString.Invariant($"{name}: at {position.EntryPrice}"));
    }

    private static BarSeries Flat(double price, double volume)
    {
        double[] prices = [price, price, price];
        return new BarSeries("ABC", Sample.Weekdays(3, Sample.FirstDay), prices, prices, prices, prices, [volume, volume, volume]);
    }
}
