using BacktestOps.Contracts;

namespace BacktestOps.Service.Charts;

/// <summary>
/// What a run is compared with: its initial cash, an equal share in each of its stocks, bought at the first close and kept, without
/// costs and in fractions of shares. Before a stock has prices its share is cash; where it has no bar its last close holds.
/// </summary>
internal static class BuyAndHold
{
    /// <summary>The worth at each of the dates.</summary>
    /// <param name="dates">The dates of the run, ascending.</param>
    /// <param name="initialCash">The run's initial cash.</param>
    /// <param name="stocks">The closes of each stock, ascending by date.</param>
    public static double[] Worth(IReadOnlyList<DateTime> dates, double initialCash, IReadOnlyList<IReadOnlyList<PricePoint>> stocks)
    {
        var worth = new double[dates.Count];
        var share = initialCash / stocks.Count;
        foreach (var closes in stocks)
        {
            var next = 0;
            for (var bar = 0; bar < dates.Count; bar++)
            {
                while (next < closes.Count && closes[next].Date <= dates[bar])
                    next++;
                worth[bar] += next == 0 ? share : share * closes[next - 1].Price / closes[0].Price;
            }
        }
        return worth;
    }
}

/// <summary>A price at a date.</summary>
internal readonly record struct PricePoint(DateTime Date, double Price)
{
    /// <summary>The closes of bars, adjusted where that is asked for and there are some.</summary>
    public static IReadOnlyList<PricePoint> Closes(IReadOnlyList<Bar> bars, bool adjusted) =>
        [.. bars.Select(bar => new PricePoint(bar.Date, adjusted ? bar.AdjustedClose ?? bar.Close : bar.Close))];

    /// <summary>What a share bought at the first close is worth at each: a split is no fall of its worth, and a dividend is put back, as a run does it.</summary>
    public static IReadOnlyList<PricePoint> Held(IReadOnlyList<Bar> bars, bool adjusted)
    {
        if (adjusted && bars.Any(bar => bar.AdjustedClose is not null))
            return Closes(bars, adjusted);
        var shares = 1.0;
        return [.. bars.Select((bar, i) => new PricePoint(bar.Date, bar.Close * (i == 0 ? shares : shares *= bar.Growth ?? 1)))];
    }
}

/// <summary>A purchase or a sale at a date.</summary>
internal readonly record struct ChartFill(DateTime Date, bool IsPurchase, double Price, double Quantity)
{
    /// <summary>The fills of a stock in a run: those of its closed trades, and the purchases of what is still open.</summary>
    public static ILookup<DateTime, ChartFill> Of(BacktestResult result, string symbol)
    {
        var closed = result.Trades.Where(trade => trade.Symbol == symbol);
        var open = result.OpenPositions.Where(position => position.Symbol == symbol);
        // A quantity below zero is a short trade: it begins with a sale.
        return closed
            .SelectMany(trade => new[]
            {
                new ChartFill(trade.EntryDate, trade.Quantity > 0, trade.EntryPrice, Math.Abs(trade.Quantity)),
                new ChartFill(trade.ExitDate, trade.Quantity < 0, trade.ExitPrice, Math.Abs(trade.Quantity)),
            })
            .Concat(open.Select(position => new ChartFill(position.EntryDate, position.Quantity > 0, position.EntryPrice, Math.Abs(position.Quantity))))
            .ToLookup(fill => fill.Date);
    }
}
