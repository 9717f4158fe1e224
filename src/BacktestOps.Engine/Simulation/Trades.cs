using BacktestOps.Contracts;

namespace BacktestOps.Engine.Simulation;

/// <summary>Round trips as the result names them.</summary>
internal static class Trades
{
    // Money that should be nothing but is a rounding of the two amounts it is the difference of.
    private const double MoneyDoubt = 1.0 / (1L << 48);

    /// <summary>The profit of a round trip; 0 where it is a rounding.</summary>
    /// <param name="side">1 for long, −1 for short.</param>
    /// <param name="entryMoney">Shares × entry price.</param>
    /// <param name="exitMoney">Shares × exit price.</param>
    /// <param name="costs">All costs.</param>
    public static double Profit(int side, double entryMoney, double exitMoney, double costs)
    {
        var profit = (side > 0 ? exitMoney - entryMoney : entryMoney - exitMoney) - costs;
        // Rounding must not make a winner of a trade that gave nothing.
        return Math.Abs(profit) <= (entryMoney + exitMoney) * MoneyDoubt ? 0 : profit;
    }

    /// <summary>The trades of all sleeves by exit date, then symbol.</summary>
    public static Trade[] InOrder(IReadOnlyList<Sleeve> sleeves)
    {
        var trades = new Trade[sleeves.Sum(sleeve => sleeve.Trades.Count)];
        var at = 0;
        foreach (var sleeve in sleeves)
        {
            foreach (var trade in sleeve.Trades) trades[at++] = trade;
        }
        return IsInOrder(trades)
            ? trades
            : [.. trades.OrderBy(trade => trade.ExitDate).ThenBy(trade => trade.Symbol, StringComparer.Ordinal)];
    }

    private static bool IsInOrder(Trade[] trades)
    {
        for (var i = 1; i < trades.Length; i++)
        {
            var dates = trades[i - 1].ExitDate.CompareTo(trades[i].ExitDate);
            if (dates > 0 || (dates == 0 && string.CompareOrdinal(trades[i - 1].Symbol, trades[i].Symbol) > 0)) return false;
        }
        return true;
    }
}
