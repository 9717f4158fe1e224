using BacktestOps.Contracts;
using static System.FormattableString;

namespace BacktestOps.Engine.Bars;

/// <summary>A split, a cash dividend, or both, of one day.</summary>
/// <param name="ExDate">The first day that trades without it.</param>
/// <param name="Split">Shares held after it for one held before: 2 for 2:1, 0.05 for 1:20, 1 for none.</param>
/// <param name="Dividend">Cash for one share held before it; 0 for none.</param>
public readonly record struct CorporateAction(DateOnly ExDate, double Split, double Dividend);

/// <summary>What splits and dividends make of a share that is held.</summary>
/// <remarks>
/// A share held at a close of p grows to split × p / (p − dividend) shares at the open of the ex-date: the split's shares, and the
/// dividend put back into the stock at the price that the dividend leaves, p − dividend. So the return of the ex-date is
/// (close × growth) / p − 1, which is what a back-adjusted close gives (CRSP, "Data Definitions", factor to adjust price: the factor
/// of a cash dividend is (p − dividend) / p). Where several are of one bar, each is applied to the price that the one before leaves.
/// </remarks>
public static class CorporateActions
{
    /// <summary>The growth of a share at the open of each bar; 1 where nothing happens, and at the first bar.</summary>
    /// <param name="symbol">The symbol, for messages.</param>
    /// <param name="dates">The bars' dates, ascending.</param>
    /// <param name="close">The bars' closes as traded.</param>
    /// <param name="actions">The actions. One on a day without a bar is of the next bar; those up to the first bar and after the last are of none.</param>
    /// <exception cref="MarketDataException">A split is not above zero, or a dividend is negative or not below the close before.</exception>
    public static double[] Growth(string symbol, ReadOnlySpan<DateTime> dates, ReadOnlySpan<double> close, IReadOnlyList<CorporateAction> actions)
    {
        ArgumentNullException.ThrowIfNull(actions);
        var growth = new double[dates.Length];
        Array.Fill(growth, 1);
        var bar = 0;
        var price = 0.0;
        foreach (var action in actions.OrderBy(action => action.ExDate))
        {
            var day = action.ExDate.ToDateTime(TimeOnly.MinValue);
            if (bar == 0 || dates[bar] < day)
            {
                while (bar < dates.Length && dates[bar] < day) bar++;
                if (bar == dates.Length) break;
                price = bar == 0 ? 0 : close[bar - 1];
            }
            if (bar == 0) continue;
            if (!(double.IsFinite(action.Split) && action.Split > 0))
                throw new MarketDataException(symbol, null, Invariant($"the split of {action.ExDate:yyyy-MM-dd} is {action.Split}; it is the shares held after for one held before, above 0."));
            if (!(action.Dividend >= 0 && action.Dividend < price))
                throw new MarketDataException(symbol, null, Invariant($"the dividend of {action.ExDate:yyyy-MM-dd} is {action.Dividend}; it must be 0 or more and below the close before, {price}."));
            growth[bar] *= action.Split * (price / (price - action.Dividend));
            price = (price - action.Dividend) / action.Split;
        }
        return growth;
    }

    /// <summary>The closes as adjusted for all that happened after them; the last is the close as traded.</summary>
    /// <param name="close">The closes as traded.</param>
    /// <param name="growth">The growth of a share at each bar.</param>
    public static double[] AdjustedClose(ReadOnlySpan<double> close, ReadOnlySpan<double> growth)
    {
        var adjusted = close.ToArray();
        var factor = 1.0;
        for (var t = adjusted.Length - 1; t >= 0; t--)
        {
            adjusted[t] *= factor;
            factor /= growth[t];
        }
        return adjusted;
    }
}
