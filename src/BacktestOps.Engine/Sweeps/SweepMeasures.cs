namespace BacktestOps.Engine.Sweeps;

/// <summary>Turns what a simulation summed up into figures.</summary>
/// <param name="Bars">Closes of the run.</param>
/// <param name="PeriodsPerYear">Returns in a year.</param>
/// <param name="RiskFreeReturn">The risk-free return of one bar.</param>
internal readonly record struct SweepMeasures(int Bars, double PeriodsPerYear, double RiskFreeReturn)
{
    // Below this the differences of the returns could be their rounding, and a single run's way of looking at them decides.
    private const double LeastSquares = 1e-24;

    private double Root { get; } = Math.Sqrt(PeriodsPerYear);

    /// <summary>The Sharpe ratio and the volatility from sums of the returns.</summary>
    /// <param name="sum">Σ r over all bars.</param>
    /// <param name="squares">Σ r².</param>
    /// <param name="sharpe">The Sharpe ratio; NaN where there is none.</param>
    /// <param name="volatility">The volatility a year; NaN where there is none.</param>
    /// <returns>False where the sums can't tell whether the returns vary at all.</returns>
    public bool TryMeasure(double sum, double squares, out double sharpe, out double volatility)
    {
        var count = Bars - 1;
        (sharpe, volatility) = (double.NaN, double.NaN);
        if (count < 2) return true;
        if (sum == 0 && squares == 0)
        {
            volatility = 0;
            return true;
        }
        var mean = sum / count;
        var distances = squares - sum * mean;
        // Where next to nothing is left of the squares, their rounding is: a millionth of what the figures are held to.
        if (!(distances > LeastSquares * count) || distances < 1e-6 * squares) return false;
        var deviation = Math.Sqrt(distances / (count - 1));
        sharpe = (mean - RiskFreeReturn) / deviation * Root;
        volatility = deviation * Root;
        return true;
    }

    /// <summary>The same from the marks themselves.</summary>
    /// <param name="equity">The marks, one a bar.</param>
    public (double Sharpe, double Volatility) Measure(ReadOnlySpan<double> equity)
    {
        var spread = Spread.Of(EquityFigures.Returns(equity));
        return (
            spread.Varies ? (spread.Mean - RiskFreeReturn) / spread.Deviation * Root : double.NaN,
            spread.Count < 2 ? double.NaN : spread.Deviation * Root);
    }
}
