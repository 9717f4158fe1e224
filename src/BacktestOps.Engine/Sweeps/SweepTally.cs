using BacktestOps.Contracts;

namespace BacktestOps.Engine.Sweeps;

/// <summary>Sums up the variants of a sweep as they come by, in their order, without keeping them.</summary>
public sealed class SweepTally
{
    /// <summary>How many of the best variants are kept.</summary>
    public const int Top = 20;

    private readonly Sweep _sweep;
    private readonly HeatmapTally? _heatmap;
    private readonly List<(double Objective, long Number, long Cell, VariantFigures Figures)> _best = [];
    private double _mean, _squares;

    /// <summary>Starts empty.</summary>
    /// <param name="sweep">The sweep.</param>
    public SweepTally(Sweep sweep)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        _sweep = sweep;
        _heatmap = HeatmapTally.Create(sweep);
    }

    /// <summary>Variants that came by.</summary>
    public long Count { get; private set; }

    /// <summary>Those with a Sharpe ratio.</summary>
    public long Trials { get; private set; }

    /// <summary>The variance of their Sharpe ratios (ddof 1), of one bar; null with fewer than two.</summary>
    public double? SharpeVariance => Trials < 2 ? null : _squares / (Trials - 1);

    /// <summary>The cell of the best variant; null where none has the objective.</summary>
    public long? BestCell => _best.Count == 0 ? null : _best[0].Cell;

    /// <summary>The best variants, best first; of equals the first.</summary>
    public IReadOnlyList<SweepVariant> BestVariants => [.. _best.Select(best => _sweep.Describe(best.Number, best.Cell, best.Figures))];

    /// <summary>The objective over two parameters; null where fewer than two have several values.</summary>
    public SweepHeatmap? Heatmap => _heatmap?.Build();

    /// <summary>Takes the next variant.</summary>
    /// <param name="cell">Its cell.</param>
    /// <param name="figures">Its figures.</param>
    public void Add(long cell, in VariantFigures figures)
    {
        var number = ++Count;
        if (!double.IsNaN(figures.SharpeRatio))
        {
            // Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4(3), 1962.
            var sharpe = figures.SharpeRatio / Math.Sqrt(_sweep.PeriodsPerYear);
            var off = sharpe - _mean;
            _mean += off / ++Trials;
            _squares += off * (sharpe - _mean);
        }
        var objective = _sweep.Objective(figures);
        if (double.IsNaN(objective)) return;
        _heatmap?.Add(cell, objective);
        if (_best.Count == Top && objective <= _best[^1].Objective) return;
        var place = _best.Count;
        while (place > 0 && objective > _best[place - 1].Objective) place--;
        _best.Insert(place, (objective, number, cell, figures));
        if (_best.Count > Top) _best.RemoveAt(Top);
    }
}
