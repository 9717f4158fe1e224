using BacktestOps.Contracts;

namespace BacktestOps.Engine.Sweeps;

/// <summary>Gathers what says how much the best variant of a sweep is worth.</summary>
public sealed class SweepEvidence
{
    // So that looking at single variants stays short beside the sweep: bars of all symbols, over all variants looked at.
    private const long MostBars = 20_000_000;

    private readonly Sweep _sweep;
    private readonly Overfitting _overfitting;
    private readonly long _looks;

    /// <summary>Starts empty.</summary>
    /// <param name="sweep">The sweep.</param>
    public SweepEvidence(Sweep sweep)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        _sweep = sweep;
        _overfitting = new Overfitting(sweep.Bars - 1);
        var most = Math.Clamp(MostBars / (sweep.Bars * sweep.Request.Symbols.Count), 16, Overfitting.MaxVariants);
        _looks = _overfitting.IsPossible ? Math.Min(sweep.Variants, most) : 0;
    }

    /// <summary>True for a variant whose curve is wanted: all of them, or as many as may be, evenly spaced.</summary>
    /// <param name="number">Its number in the order of the variants, from 1.</param>
    public bool Wants(long number) =>
        (long)((UInt128)number * (ulong)_looks / (ulong)_sweep.Variants) > (long)((UInt128)(number - 1) * (ulong)_looks / (ulong)_sweep.Variants);

    /// <summary>Takes the curve of a variant.</summary>
    /// <param name="curve">Equity at every close.</param>
    public void Add(IReadOnlyList<EquityPoint> curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        _overfitting.Add(EquityFigures.Returns([.. curve.Select(point => point.Equity)]));
    }

    /// <summary>What it comes to.</summary>
    /// <param name="tally">All variants.</param>
    /// <param name="best">A single run of the best variant; null where there is none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public SweepStatistics Describe(SweepTally tally, BacktestOutcome? best, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tally);
        var expected = tally.SharpeVariance is { } variance ? SharpeTests.ExpectedMaximum(variance, tally.Trials) : (double?)null;
        return new SweepStatistics
        {
            Trials = tally.Trials,
            SharpeVariance = tally.SharpeVariance,
            ProbabilisticSharpeRatio = Above(best, 0),
            ExpectedMaximumSharpe = expected,
            DeflatedSharpeRatio = expected is null ? null : Above(best, expected.Value),
            ProbabilityOfOverfitting = _overfitting.Probability(cancellationToken),
            OverfittingVariants = _overfitting.Count,
            OverfittingBlocks = Overfitting.Blocks,
        };
    }

    private double? Above(BacktestOutcome? best, double threshold)
    {
        if (best?.Performance is not { SharpeRatio: { } sharpe, Skewness: { } skewness, ExcessKurtosis: { } kurtosis }) return null;
        return SharpeTests.Probabilistic(sharpe / Math.Sqrt(_sweep.PeriodsPerYear), threshold, best.EquityCurve.Count - 1, skewness, kurtosis + 3);
    }
}
