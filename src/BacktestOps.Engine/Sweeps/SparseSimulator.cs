namespace BacktestOps.Engine.Sweeps;

/// <summary>Simulates a variant by its position changes alone, where equity is proportional to the price.</summary>
/// <param name="terms">What fills do.</param>
/// <param name="ranges">The stretches of closes.</param>
/// <param name="measures">How figures are made.</param>
/// <param name="initialCash">Cash at the first bar.</param>
/// <param name="delay">Bars from a signal to its fill: 0 at the close, 1 at the next open.</param>
internal sealed class SparseSimulator(FillTerms terms, HeldRanges ranges, SweepMeasures measures, double initialCash, int delay)
{
    // Money that should be nothing but is a rounding of the two amounts it is the difference of; as in a single run.
    private const double MoneyDoubt = 1.0 / (1L << 48);

    /// <summary>Simulates.</summary>
    /// <param name="signals">Bars of entry and exit signals in turn, each of which fills.</param>
    /// <param name="figures">The figures.</param>
    /// <returns>False where the sums can't tell the figures.</returns>
    public bool TryRun(ReadOnlySpan<int> signals, out VariantFigures figures)
    {
        // A fill at the first close is no return, and the curve begins after its costs.
        if (signals.Length > 0 && signals[0] + delay == 0)
        {
            figures = default;
            return false;
        }
        var (entries, exits) = (terms.Entries, terms.Exits);
        var (equity, peak, deepest) = (1.0, 1.0, 1.0);
        var (sum, squares, held) = (0L, 0L, 0);
        var (won, lost, wins, losses) = (0.0, 0.0, 0, 0);
        var i = 0;
        for (; i + 1 < signals.Length; i += 2)
        {
            var (first, end) = (signals[i] + delay, signals[i + 1] + delay);
            ref readonly var entry = ref entries[first];
            ref readonly var exit = ref exits[end];
            var stretch = ranges[first, end - 1];
            var shares = equity * entry.Shares;
            var after = shares * exit.Proceeds;
            sum += entry.Sum + exit.Sum;
            squares += entry.Squares + exit.Squares;
            held += end - first;

            deepest = Math.Min(deepest, Math.Min(stretch.Fall, shares * stretch.Lowest / peak));
            peak = Math.Max(peak, shares * stretch.Highest);
            deepest = Math.Min(deepest, after / peak);
            peak = Math.Max(peak, after);

            var profit = after - equity;
            var doubt = shares * (entry.Price + exit.Price) * MoneyDoubt;
            var (gain, loss) = (profit > doubt, profit < -doubt);
            won += gain ? profit : 0;
            lost += loss ? profit : 0;
            wins += gain ? 1 : 0;
            losses += loss ? 1 : 0;
            equity = after;
        }
        if (i < signals.Length)
        {
            var first = signals[i] + delay;
            var last = entries.Length - 1;
            ref readonly var entry = ref entries[first];
            var stretch = ranges[first, last];
            var shares = equity * entry.Shares;
            sum += entry.Sum + terms.LastSum;
            squares += entry.Squares + terms.LastSquares;
            held += last + 1 - first;
            deepest = Math.Min(deepest, Math.Min(stretch.Fall, shares * stretch.Lowest / peak));
            // The last close is the position's mark.
            equity = shares * LastClose;
        }
        var known = measures.TryMeasure(sum * terms.SumUnit, squares * terms.SquareUnit, out var sharpe, out var volatility);
        figures = new VariantFigures
        {
            TotalReturn = equity - 1,
            Growth = equity,
            SharpeRatio = sharpe,
            AnnualVolatility = volatility,
            MaxDrawdown = deepest - 1,
            Won = won * initialCash,
            Lost = lost * initialCash,
            Trades = signals.Length / 2,
            Wins = wins,
            Losses = losses,
            BarsHeld = held,
        };
        return known;
    }

    /// <summary>The last close.</summary>
    public required double LastClose { get; init; }
}
