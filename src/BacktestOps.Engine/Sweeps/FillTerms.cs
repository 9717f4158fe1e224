using BacktestOps.Engine.Bars;

namespace BacktestOps.Engine.Sweeps;

/// <summary>What a fill at each bar does to a position with everything, where equity is proportional to the price.</summary>
/// <remarks>
/// With fractions of a share and costs that are a fraction of the money, a position's equity is entry equity × close × factor. Then a
/// trade's growth is a product of one number of its entry and one of its exit, and the sums of its returns and of their squares
/// are differences of running sums. These are whole numbers (fixed point), so that the difference of two of them is exact.
/// </remarks>
internal sealed class FillTerms
{
    // Room for the sign and for sums of many trades: everything that can be added up stays below 2⁶².
    private const int SumBits = 62;

    /// <summary>Prepares the numbers.</summary>
    /// <param name="bars">The bars.</param>
    /// <param name="rate">Commission as a fraction of the money of a fill.</param>
    /// <param name="slippage">How far from the price fills are, as a fraction of it.</param>
    /// <param name="atClose">True where a signal fills at its own close, false where at the next open.</param>
    public FillTerms(BarSeries bars, double rate, double slippage, bool atClose)
    {
        var close = bars.Close;
        var price = atClose ? bars.Close : bars.Open;
        var n = bars.Count;
        var returns = new double[n];
        var (entries, exits) = (new double[n], new double[n]);
        var (sum, squares) = (0.0, 0.0);
        var (up, down) = (1 + slippage, 1 - slippage);
        for (var t = 0; t < n; t++)
        {
            entries[t] = close[t] / (price[t] * up * (1 + rate)) - 1;
            if (t > 0)
            {
                returns[t] = close[t] / close[t - 1] - 1;
                exits[t] = price[t] * down * (1 - rate) / close[t - 1] - 1;
            }
            sum += Math.Abs(returns[t]) + Math.Abs(entries[t]) + Math.Abs(exits[t]);
            squares += returns[t] * returns[t] + entries[t] * entries[t] + exits[t] * exits[t];
        }
        var (sumScale, squareScale) = (Scale(sum), Scale(squares));
        (SumUnit, SquareUnit) = (1 / sumScale, 1 / squareScale);

        (Entries, Exits) = (new EntryTerm[n], new ExitTerm[n]);
        var (running, runningSquares) = (0L, 0L);
        for (var t = 0; t < n; t++)
        {
            Exits[t] = new(
                running + Whole(exits[t] * sumScale), runningSquares + Whole(exits[t] * exits[t] * squareScale), price[t] * down * (1 - rate), price[t] * down);
            running += Whole(returns[t] * sumScale);
            runningSquares += Whole(returns[t] * returns[t] * squareScale);
            Entries[t] = new(
                Whole(entries[t] * sumScale) - running, Whole(entries[t] * entries[t] * squareScale) - runningSquares, 1 / (price[t] * up * (1 + rate)), price[t] * up);
        }
        (LastSum, LastSquares) = (running, runningSquares);
    }

    /// <summary>By the bar of the fill.</summary>
    public EntryTerm[] Entries { get; }

    /// <summary>By the bar of the fill.</summary>
    public ExitTerm[] Exits { get; }

    /// <summary>Σ r up to the last bar: what an exit's sum is where a position is open at the end.</summary>
    public long LastSum { get; }

    /// <summary>Σ r² likewise.</summary>
    public long LastSquares { get; }

    /// <summary>What one of a sum is worth.</summary>
    public double SumUnit { get; }

    /// <summary>What one of a sum of squares is worth.</summary>
    public double SquareUnit { get; }

    private static double Scale(double most) => Math.ScaleB(1, SumBits - Math.Max(-60, (int)Math.Ceiling(Math.Log2(Math.Max(most, 1e-300)))));

    private static long Whole(double value) => (long)Math.Round(value);

    /// <summary>An entry.</summary>
    /// <param name="Sum">Its bar's return, less Σ r up to that bar.</param>
    /// <param name="Squares">The square of that return, less Σ r².</param>
    /// <param name="Shares">Shares that one unit of equity buys.</param>
    /// <param name="Price">The price of the fill.</param>
    internal readonly record struct EntryTerm(long Sum, long Squares, double Shares, double Price);

    /// <summary>An exit.</summary>
    /// <param name="Sum">Its bar's return, with Σ r up to the bar before.</param>
    /// <param name="Squares">The square of that return, with Σ r².</param>
    /// <param name="Proceeds">Money that one share brings.</param>
    /// <param name="Price">The price of the fill.</param>
    internal readonly record struct ExitTerm(long Sum, long Squares, double Proceeds, double Price);
}
