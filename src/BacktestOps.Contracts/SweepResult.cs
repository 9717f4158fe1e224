using System.Text.Json.Serialization;

namespace BacktestOps.Contracts;

/// <summary>
/// What a sweep found. The figures of the document around it are those of the variant that was chosen, or of the walk-forward;
/// those in here are of all bars that were read, but for <see cref="Windows"/>.
/// </summary>
public sealed record SweepResult
{
    /// <summary>The figure whose largest value was looked for.</summary>
    public required string Objective { get; init; }

    /// <summary>All combinations of the values.</summary>
    public required long Combinations { get; init; }

    /// <summary>Those that a constraint left out.</summary>
    public required long LeftOut { get; init; }

    /// <summary>Those that were run: the rest, or as many as were drawn.</summary>
    public required long Variants { get; init; }

    /// <summary>The variant with the largest objective, the first of equals; null where no variant has the figure.</summary>
    public SweepVariant? Best { get; init; }

    /// <summary>The best variants, best first.</summary>
    public required IReadOnlyList<SweepVariant> Top { get; init => field = ReadableList.Of(value); }

    /// <summary>What the best variant is worth after so many tries.</summary>
    public required SweepStatistics Statistics { get; init; }

    /// <summary>The objective over two parameters; null where fewer than two have several values.</summary>
    public SweepHeatmap? Heatmap { get; init; }

    /// <summary>The file with every variant.</summary>
    public required SweepFile File { get; init; }

    /// <summary>The stretches of a walk-forward; null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<WalkForwardWindow>? Windows { get; init => field = ReadableList.Of(value); }
}

/// <summary>One variant and its figures, defined as those of <see cref="Performance"/>; null where a run has none.</summary>
public sealed record SweepVariant
{
    /// <summary>Its number in the order of the variants, from 1.</summary>
    public required long Variant { get; init; }

    /// <summary>The values of the swept parameters.</summary>
    public required IReadOnlyDictionary<string, double> Parameters { get; init => field = ReadableMap.Of(value); }

    /// <summary>Final equity / initial cash − 1.</summary>
    public required double TotalReturn { get; init; }

    /// <summary>Compound growth per year.</summary>
    public required double? Cagr { get; init; }

    /// <summary>The Sharpe ratio.</summary>
    public required double? SharpeRatio { get; init; }

    /// <summary>The largest fall from a peak, zero or negative.</summary>
    public required double MaxDrawdown { get; init; }

    /// <summary>CAGR / |maximum drawdown|.</summary>
    public required double? CalmarRatio { get; init; }

    /// <summary>Standard deviation of the returns per year.</summary>
    public required double? AnnualVolatility { get; init; }

    /// <summary>Closed trades.</summary>
    public required int TotalTrades { get; init; }

    /// <summary>Closed trades that won / all closed trades.</summary>
    public required double? WinRate { get; init; }

    /// <summary>Money won / money lost.</summary>
    public required double? ProfitFactor { get; init; }

    /// <summary>Closes at which a position was held / closes.</summary>
    public required double Exposure { get; init; }
}

/// <summary>
/// What a Sharpe ratio that is the best of many is worth. Ratios here are of one bar, not of a year, as in the papers; null where a
/// definition has nothing to look at.
/// </summary>
public sealed record SweepStatistics
{
    /// <summary>Variants that have a Sharpe ratio: the number of trials.</summary>
    public required long Trials { get; init; }

    /// <summary>Variance of their Sharpe ratios (ddof 1), of one bar.</summary>
    public required double? SharpeVariance { get; init; }

    /// <summary>
    /// The probability that the true Sharpe ratio of the best variant is above zero, from its length, skewness and kurtosis (Bailey
    /// and López de Prado, "The Sharpe Ratio Efficient Frontier", J. Risk 15(2), 2012).
    /// </summary>
    public required double? ProbabilisticSharpeRatio { get; init; }

    /// <summary>The Sharpe ratio of one bar that the best of so many trials is expected to have where none is worth anything.</summary>
    public required double? ExpectedMaximumSharpe { get; init; }

    /// <summary>
    /// The probability that it is above that one (Bailey and López de Prado, "The Deflated Sharpe Ratio", J. Portfolio Management
    /// 40(5), 2014). Trials of a grid are alike, so their number is an upper bound of the independent ones, and this a lower one.
    /// </summary>
    public required double? DeflatedSharpeRatio { get; init; }

    /// <summary>
    /// The probability of backtest overfitting: of all ways to split the bars' blocks in halves, the share in which the variant that
    /// is best in one half is below the median of the other (CSCV: Bailey, Borwein, López de Prado and Zhu, J. Computational
    /// Finance 20(4), 2017). By Sharpe ratio.
    /// </summary>
    public required double? ProbabilityOfOverfitting { get; init; }

    /// <summary>Variants that it looks at, evenly spaced where there are more.</summary>
    public required int OverfittingVariants { get; init; }

    /// <summary>Blocks that the bars are cut into.</summary>
    public required int OverfittingBlocks { get; init; }
}

/// <summary>The largest objective for each pair of values of two parameters, over all values of the others.</summary>
public sealed record SweepHeatmap
{
    /// <summary>The parameter along the columns.</summary>
    public required string X { get; init; }

    /// <summary>The parameter along the rows.</summary>
    public required string Y { get; init; }

    /// <summary>The values along the columns; where there were too many, the first of each group of neighbours.</summary>
    public required IReadOnlyList<double> XValues { get; init => field = ReadableList.Of(value); }

    /// <summary>The values along the rows.</summary>
    public required IReadOnlyList<double> YValues { get; init => field = ReadableList.Of(value); }

    /// <summary>Row by row; null where no variant has the figure.</summary>
    public required IReadOnlyList<IReadOnlyList<double?>> Values { get; init => field = ReadableList.Of(value); }
}

/// <summary>The file with every variant of a sweep.</summary>
public sealed record SweepFile
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Its SHA-256, lower-case hex.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>One stretch of a walk-forward: chosen on some bars, judged on the next.</summary>
public sealed record WalkForwardWindow
{
    /// <summary>The first bar that the choice looked at.</summary>
    public required DateTime InSampleFirst { get; init; }

    /// <summary>The last one.</summary>
    public required DateTime InSampleLast { get; init; }

    /// <summary>The first bar that it was judged on.</summary>
    public required DateTime OutOfSampleFirst { get; init; }

    /// <summary>The last one.</summary>
    public required DateTime OutOfSampleLast { get; init; }

    /// <summary>The variant that was chosen with its figures in sample; null where no variant had the figure, and then nothing is traded.</summary>
    public required SweepVariant? Chosen { get; init; }

    /// <summary>The return of the stitched curve over the bars that it was judged on.</summary>
    public required double OutOfSampleReturn { get; init; }
}

/// <summary>How far a sweep is.</summary>
public sealed record SweepProgress
{
    /// <summary>Variants that have been run.</summary>
    public required long Done { get; init; }

    /// <summary>Variants in all, those of the stretches of a walk-forward included.</summary>
    public required long Variants { get; init; }

    /// <summary>Variants a second since this execution began; null before there is a measurement.</summary>
    public double? VariantsPerSecond { get; init; }

    /// <summary>Seconds left at that speed; null before there is a measurement.</summary>
    public double? SecondsLeft { get; init; }
}
