namespace BacktestOps.Engine;

/// <summary>Mean and variation of returns.</summary>
/// <param name="Count">How many.</param>
/// <param name="Mean">Their mean; zero without any.</param>
/// <param name="Squares">Σ (return − mean)².</param>
/// <param name="Varies">False with fewer than two, or where they differ by no more than their own rounding.</param>
internal readonly record struct Spread(int Count, double Mean, double Squares, bool Varies)
{
    // A return is a quotient of two marks less one: its rounding is below this times (1 + return).
    private const double ReturnDoubt = 1.0 / (1L << 50);

    /// <summary>Standard deviation, ddof 1: zero where they do not vary.</summary>
    public double Deviation => Varies ? Math.Sqrt(Squares / (Count - 1)) : 0;

    /// <summary>Looks at returns.</summary>
    public static Spread Of(ReadOnlySpan<double> returns)
    {
        if (returns.IsEmpty) return default;
        var mean = Lanes.Sum(returns) / returns.Length;
        var (squares, furthest) = Lanes.Distances(returns, mean);
        var varies = returns.Length >= 2 && furthest > (1 + Math.Abs(mean)) * ReturnDoubt;
        return new Spread(returns.Length, mean, squares, varies);
    }
}
