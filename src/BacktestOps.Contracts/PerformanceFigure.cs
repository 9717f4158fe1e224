namespace BacktestOps.Contracts;

/// <summary>What a figure is counted in.</summary>
public enum FigureUnit : long
{
    /// <summary>A fraction: 0.25 is 25 %.</summary>
    Fraction,

    /// <summary>A number without a unit.</summary>
    Ratio,

    /// <summary>The currency of the prices.</summary>
    Money,

    /// <summary>Trades or bars.</summary>
    Count,

    /// <summary>Calendar days.</summary>
    Days,
}

/// <summary>Which of two values of a figure is the better one.</summary>
public enum FigureSense : long
{
    /// <summary>Neither: it describes.</summary>
    None,

    /// <summary>The higher.</summary>
    Higher,

    /// <summary>The lower.</summary>
    Lower,
}

/// <summary>A figure of <see cref="Performance"/> that is one number, so that runs can be held side by side.</summary>
/// <param name="Name">Its name: that of the member, without the dots of members in members.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Better">Which value is the better one.</param>
/// <param name="Read">Reads it; null where it is not defined.</param>
public sealed record PerformanceFigure(string Name, FigureUnit Unit, FigureSense Better, Func<Performance, double?> Read)
{
    /// <summary>Every figure, in the order in which people look at them.</summary>
    public static IReadOnlyList<PerformanceFigure> All { get; } =
    [
        Fraction("TotalReturn", p => p.TotalReturn, FigureSense.Higher),
        Fraction("Cagr", p => p.Cagr, FigureSense.Higher),
        Fraction("AnnualVolatility", p => p.AnnualVolatility, FigureSense.Lower),
        Ratio("SharpeRatio", p => p.SharpeRatio, FigureSense.Higher),
        Ratio("SortinoRatio", p => p.SortinoRatio, FigureSense.Higher),
        Ratio("CalmarRatio", p => p.CalmarRatio, FigureSense.Higher),
        Ratio("OmegaRatio", p => p.OmegaRatio, FigureSense.Higher),
        Fraction("MaxDrawdown", p => p.MaxDrawdown, FigureSense.Higher),
        Count("LongestDrawdownBars", p => p.LongestDrawdown?.Bars, FigureSense.Lower),
        new("LongestDrawdownDays", FigureUnit.Days, FigureSense.Lower, p => p.LongestDrawdown?.Days),
        Ratio("Skewness", p => p.Skewness),
        Ratio("ExcessKurtosis", p => p.ExcessKurtosis),
        Fraction("ValueAtRisk", p => p.ValueAtRisk, FigureSense.Higher),
        Fraction("ConditionalValueAtRisk", p => p.ConditionalValueAtRisk, FigureSense.Higher),
        Ratio("TailRatio", p => p.TailRatio, FigureSense.Higher),
        Count("TotalTrades", p => p.TotalTrades),
        Fraction("WinRate", p => p.WinRate, FigureSense.Higher),
        Fraction("AverageTrade", p => p.AverageTrade, FigureSense.Higher),
        Money("Expectancy", p => p.Expectancy, FigureSense.Higher),
        Ratio("ProfitFactor", p => p.ProfitFactor, FigureSense.Higher),
        Ratio("PayoffRatio", p => p.PayoffRatio, FigureSense.Higher),
        Money("LargestWin", p => p.LargestWin),
        Money("LargestLoss", p => p.LargestLoss, FigureSense.Higher),
        Count("LongestWinStreak", p => p.LongestWinStreak),
        Count("LongestLossStreak", p => p.LongestLossStreak, FigureSense.Lower),
        Fraction("Exposure", p => p.Exposure),
        Ratio("Turnover", p => p.Turnover),
        Money("CostsPaid", p => p.CostsPaid, FigureSense.Lower),
        Fraction("BestDay", p => p.BestDay?.Return),
        Fraction("WorstDay", p => p.WorstDay?.Return, FigureSense.Higher),
        Fraction("BestMonth", p => p.BestMonth?.Return),
        Fraction("WorstMonth", p => p.WorstMonth?.Return, FigureSense.Higher),
        Fraction("BestYear", p => p.BestYear?.Return),
        Fraction("WorstYear", p => p.WorstYear?.Return, FigureSense.Higher),
        Money("InitialCash", p => p.InitialCash),
        Money("FinalEquity", p => p.FinalEquity, FigureSense.Higher),
        Fraction("Alpha", p => p.Benchmark?.Alpha, FigureSense.Higher),
        Ratio("Beta", p => p.Benchmark?.Beta),
        Ratio("InformationRatio", p => p.Benchmark?.InformationRatio, FigureSense.Higher),
        Ratio("UpCapture", p => p.Benchmark?.UpCapture, FigureSense.Higher),
        Ratio("DownCapture", p => p.Benchmark?.DownCapture, FigureSense.Lower),
    ];

    private static PerformanceFigure Fraction(string name, Func<Performance, double?> read, FigureSense better = FigureSense.None) =>
        new(name, FigureUnit.Fraction, better, read);

    private static PerformanceFigure Ratio(string name, Func<Performance, double?> read, FigureSense better = FigureSense.None) =>
        new(name, FigureUnit.Ratio, better, read);

    private static PerformanceFigure Money(string name, Func<Performance, double?> read, FigureSense better = FigureSense.None) =>
        new(name, FigureUnit.Money, better, read);

    private static PerformanceFigure Count(string name, Func<Performance, double?> read, FigureSense better = FigureSense.None) =>
        new(name, FigureUnit.Count, better, read);
}
