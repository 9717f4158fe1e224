using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Rules;
using CsCheck;

namespace BacktestOps.Engine.Tests;

/// <summary>What must hold for any bars and any good request.</summary>
public class PropertyTests
{
    // Few price levels a cent apart, so that ties and crossings are frequent.
    private static readonly Gen<int[]> Cents = Gen.Int[1, 30].Array[2, 60];

    private static readonly Gen<BarSeries> AnyBars = Gen.Select(Gen.Int[50, 20_000], Cents, Cents, (level, opens, closes) =>
    {
        var count = Math.Min(opens.Length, closes.Length);
        return Sample.OpenClose("ABC", [.. opens.Take(count).Select(c => (level + c) / 100.0)], [.. closes.Take(count).Select(c => (level + c) / 100.0)]);
    });

    private static readonly Gen<CommissionTerms> AnyTerms = Gen.Select(Gen.Int[0, 300], Gen.Int[0, 1000],
        (basisPoints, cents) => new CommissionTerms { Rate = basisPoints / 10_000.0, Minimum = cents / 100.0 });

    private static readonly Gen<BacktestRequest> AnyRequest = Gen.Select(Gen.Int[0, 4], Gen.Int[1, 4], Gen.Int[1, 5], AnyTerms, Gen.Bool,
        (kind, fast, more, terms, fractional) => (kind == 0 ? Sample.BuyAndHold() : Sample.SmaCross(fast, fast + more)) with
        {
            InitialCash = 10_000,
            Commission = terms,
            FractionalShares = fractional,
        });

    [Fact]
    public void Whatever_comes_after_a_bar_changes_no_signal_fill_or_mark_up_to_it()
    {
        var arbitrary = Gen.Double[0.01, 1000].Array[0, 30];
        Gen.Select(AnyBars, AnyRequest, Gen.Int[1, 60], arbitrary).Sample((bars, request, cut, other) =>
        {
            cut = Math.Min(cut, bars.Count);
            var changed = Sample.OpenClose("ABC", [.. bars.Open[..cut], .. other], [.. bars.Close[..cut], .. other.Reverse()]);

            Assert.Equal(SignalsUpTo(cut, request, bars), SignalsUpTo(cut, request, changed));
            var (before, after) = (Sample.Run(request, bars), Sample.Run(request, changed));
            Assert.Equal(before.EquityCurve.Take(cut), after.EquityCurve.Take(cut));
            Assert.Equal(FillsBefore(cut, bars, before), FillsBefore(cut, changed, after));
        });
    }

    [Fact]
    public void Cash_and_positions_rebuilt_from_the_fills_are_the_equity_at_every_bar()
    {
        Gen.Select(AnyBars, AnyRequest).Sample((bars, request) =>
        {
            var outcome = Sample.Run(request, bars);

            for (var t = 0; t < bars.Count; t++)
            {
                var (cash, shares) = Holdings(bars.Dates[t], request, outcome);
                Assert.True(cash >= -1e-8, $"cash {cash} at bar {t}");
                Assert.Equal(cash + shares * bars.Close[t], outcome.EquityCurve[t].Equity, 1e-8);
            }
        });
    }

    [Fact]
    public void Every_fill_is_an_open_of_a_bar_after_a_signal()
    {
        Gen.Select(AnyBars, AnyRequest).Sample((bars, request) =>
        {
            var outcome = Sample.Run(request, bars);
            var normal = RequestValidator.Normalize(request);
            var signals = Signals.Read(StrategyCatalog.Find(request.Strategy)!, normal.Parameters, bars);

            foreach (var trade in outcome.Trades)
            {
                var (entry, exit) = (bars.Dates.BinarySearch(trade.EntryDate), bars.Dates.BinarySearch(trade.ExitDate));
                Assert.True(signals.Entry[entry - 1] && signals.Exit[exit - 1] && entry < exit);
                Assert.Equal((bars.Open[entry], bars.Open[exit]), (trade.EntryPrice, trade.ExitPrice));
            }
        });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0.25)]
    [InlineData(10)]
    [InlineData(0.1)]
    public void Scaling_every_price_leaves_the_returns_of_fractional_shares_without_a_minimum(double factor)
    {
        Gen.Select(AnyBars, AnyRequest).Sample((bars, request) =>
        {
            request = request with { FractionalShares = true, Commission = request.Commission with { Minimum = 0 } };
            double[] Scaled(ReadOnlySpan<double> prices) => [.. prices.ToArray().Select(price => factor < 1 ? price / Math.Round(1 / factor) : price * factor)];

            var plain = Sample.Run(request, bars).Performance;
            var scaled = Sample.Run(request, Sample.OpenClose("ABC", Scaled(bars.Open), Scaled(bars.Close))).Performance;

            Assert.Equal(plain.TotalTrades, scaled.TotalTrades);
            Assert.Equal(plain.TotalReturn, scaled.TotalReturn, 1e-11);
            Assert.Equal(plain.MaxDrawdown, scaled.MaxDrawdown, 1e-11);
            if (double.IsPow2(factor) && factor > 1) Assert.Equal(plain.TotalReturn, scaled.TotalReturn);
        });
    }

    [Fact]
    public void The_order_of_the_symbols_changes_nothing_to_the_bit()
    {
        Gen.Select(AnyBars, AnyBars, AnyBars, AnyRequest).Sample((a, b, c, request) =>
        {
            BarSeries[] universe = [Named("A", a), Named("B", b), Named("C", c)];
            BarSeries[] other = [universe[2], universe[0], universe[1]];

            var one = Sample.Run(request with { Symbols = ["A", "B", "C"] }, universe);
            var two = Sample.Run(request with { Symbols = ["C", "A", "B"] }, other);

            Assert.Equal(one.Performance, two.Performance);
            Assert.Equal(one.EquityCurve, two.EquityCurve);
            Assert.Equal(one.Trades, two.Trades);
        });
    }

    [Fact]
    public void Costs_never_raise_the_return_of_fractional_shares()
    {
        Gen.Select(AnyBars, AnyRequest, AnyTerms).Sample((bars, request, more) =>
        {
            request = request with { FractionalShares = true };
            var dearer = new CommissionTerms
            {
                Rate = request.Commission.Rate + more.Rate,
                Minimum = request.Commission.Minimum + more.Minimum,
            };

            var cheap = Sample.Run(request, bars).Performance;
            var dear = Sample.Run(request with { Commission = dearer }, bars).Performance;

            // Where the dearer run can no longer enter, it keeps its cash: that is another set of fills.
            if (dear.TotalTrades == cheap.TotalTrades && dear.CommissionPaid > 0)
                Assert.True(dear.FinalEquity <= cheap.FinalEquity * (1 + 1e-12));
        });
    }

    [Fact]
    public void The_same_request_and_bars_give_the_same_outcome()
    {
        Gen.Select(AnyBars, AnyRequest).Sample((bars, request) =>
        {
            var (one, two) = (Sample.Run(request, bars), Sample.Run(request, bars));

            Assert.Equal(one.Performance, two.Performance);
            Assert.Equal(one.EquityCurve, two.EquityCurve);
        });
    }

    private static BarSeries Named(string symbol, BarSeries bars) => Sample.OpenClose(symbol, bars.Open.ToArray(), bars.Close.ToArray());

    private static (bool, bool)[] SignalsUpTo(int cut, BacktestRequest request, BarSeries bars)
    {
        var normal = RequestValidator.Normalize(request);
        var signals = Signals.Read(StrategyCatalog.Find(request.Strategy)!, normal.Parameters, bars);
        return [.. signals.Entry.ToArray().Zip(signals.Exit.ToArray()).Take(cut)];
    }

    private static (DateTime, double, double)[] FillsBefore(int cut, BarSeries bars, BacktestOutcome outcome)
    {
        var last = bars.Dates[cut - 1];
        var entries = outcome.Trades.Select(trade => (trade.EntryDate, trade.Quantity, trade.EntryPrice))
            .Concat(outcome.OpenPositions.Select(open => (open.EntryDate, open.Quantity, open.EntryPrice)));
        var exits = outcome.Trades.Select(trade => (trade.ExitDate, -trade.Quantity, trade.ExitPrice));
        return [.. entries.Concat(exits).Where(fill => fill.Item1 <= last).Order()];
    }

    private static (double Cash, double Shares) Holdings(DateTime date, BacktestRequest request, BacktestOutcome outcome)
    {
        var (cash, shares) = (request.InitialCash, 0.0);
        void Fill(double quantity, double price)
        {
            var money = Math.Abs(quantity) * price;
            cash -= quantity * price + Math.Max(money * request.Commission.Rate, request.Commission.Minimum);
            shares += quantity;
        }
        foreach (var trade in outcome.Trades)
        {
            if (trade.EntryDate <= date) Fill(trade.Quantity, trade.EntryPrice);
            if (trade.ExitDate <= date) Fill(-trade.Quantity, trade.ExitPrice);
        }
        foreach (var open in outcome.OpenPositions)
        {
            if (open.EntryDate <= date) Fill(open.Quantity, open.EntryPrice);
        }
        return (cash, shares);
    }
}
