using BacktestOps.Contracts;

namespace BacktestOps.Engine;

/// <summary>What closed trades won and lost. A trade wins with a profit above zero and loses with one below.</summary>
internal readonly record struct TradeFigures
{
    private TradeFigures(int count) => Count = count;

    public int Count { get; }

    public int Wins { get; private init; }

    public int Losses { get; private init; }

    /// <summary>Money won by the winners.</summary>
    public double Won { get; private init; }

    /// <summary>Money lost by the losers, zero or negative.</summary>
    public double Lost { get; private init; }

    public double LargestWin { get; private init; }

    public double LargestLoss { get; private init; }

    public int WinStreak { get; private init; }

    public int LossStreak { get; private init; }

    public double SumOfReturns { get; private init; }

    /// <summary>Money of all their fills, bought and sold.</summary>
    public double Traded { get; private init; }

    public double? WinRate => Count == 0 ? null : (double)Wins / Count;

    public double? AverageTrade => Count == 0 ? null : SumOfReturns / Count;

    public double? Expectancy => Count == 0 ? null : (Won + Lost) / Count;

    public double? ProfitFactor => Losses == 0 ? null : Won / -Lost;

    public double? PayoffRatio => Wins == 0 || Losses == 0 ? null : Won / Wins / (-Lost / Losses);

    /// <summary>Looks at closed trades in the order of their exits.</summary>
    public static TradeFigures Of(ReadOnlySpan<Trade> trades)
    {
        var (wins, losses, won, lost, largestWin, largestLoss) = (0, 0, 0.0, 0.0, 0.0, 0.0);
        var (winsInRow, lossesInRow, winStreak, lossStreak) = (0, 0, 0, 0);
        var (returns, traded) = (0.0, 0.0);
        foreach (var trade in trades)
        {
            var profit = trade.Profit;
            returns += trade.Return;
            traded += Math.Abs(trade.Quantity) * (trade.EntryPrice + trade.ExitPrice);
            winsInRow = profit > 0 ? winsInRow + 1 : 0;
            lossesInRow = profit < 0 ? lossesInRow + 1 : 0;
            winStreak = Math.Max(winStreak, winsInRow);
            lossStreak = Math.Max(lossStreak, lossesInRow);
            largestWin = Math.Max(largestWin, profit);
            largestLoss = Math.Min(largestLoss, profit);
            if (profit > 0)
            {
                wins++;
                won += profit;
            }
            else if (profit < 0)
            {
                losses++;
                lost += profit;
            }
        }
        return new TradeFigures(trades.Length)
        {
            Wins = wins, Losses = losses, Won = won, Lost = lost, LargestWin = largestWin, LargestLoss = largestLoss,
            WinStreak = winStreak, LossStreak = lossStreak, SumOfReturns = returns, Traded = traded,
        };
    }

    /// <summary>Dates at whose close any position is held.</summary>
    /// <param name="dates">The dates, ascending.</param>
    /// <param name="trades">Closed trades by exit date: held from the close of the entry's bar to the one before the exit's.</param>
    /// <param name="open">Positions open at the end.</param>
    public static int BarsHeld(ReadOnlySpan<DateTime> dates, ReadOnlySpan<Trade> trades, ReadOnlySpan<OpenPosition> open)
    {
        // Backwards: at each date, the trades that exit after it are those passed, and one earliest entry stands for them all.
        var earliest = DateTime.MaxValue;
        foreach (var position in open)
        {
            if (position.EntryDate < earliest) earliest = position.EntryDate;
        }
        var (held, next) = (0, trades.Length - 1);
        for (var t = dates.Length - 1; t >= 0; t--)
        {
            for (; next >= 0 && trades[next].ExitDate > dates[t]; next--)
            {
                if (trades[next].EntryDate < earliest) earliest = trades[next].EntryDate;
            }
            if (earliest <= dates[t]) held++;
        }
        return held;
    }
}
