using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Runs.MarketData.Inspection;

/// <summary>Bars as they are looked at: on one scale over splits and dividends, with the line that each came from.</summary>
/// <remarks>
/// Every price is multiplied by the bar's factor adjusted close / close, so that a price can be held against its neighbours
/// over a split that the data knows. Volume is divided by it: money traded stays what it was.
/// </remarks>
internal sealed class InspectedBars
{
    // Ten bars on each side: long enough for a median that no single print moves, short enough to be of the same times.
    private const int Reach = 10;

    private readonly BarSeries _bars;
    private readonly int[]? _lines;

    public InspectedBars(BarSeries bars, string path, int[]? lines)
    {
        (_bars, Path, _lines) = (bars, path, lines);
        Factor = new double[bars.Count];
        for (var t = 0; t < Factor.Length; t++)
            Factor[t] = bars.HasAdjustedClose ? bars.AdjustedClose[t] / bars.Close[t] : 1;
        for (var t = 1; t < Factor.Length - 1; t++)
        {
            if (!Moves(Factor[t - 1], Factor[t], t) || Moves(Factor[t - 1], Factor[t + 1], t)) continue;
            // No dividend is taken back a bar later: the close or the adjusted close is wrong, not the scale.
            Lone.Add(t, Factor[t]);
            Factor[t] = Factor[t - 1];
        }
        (Open, High, Low, Close) = (Scale(bars.Open), Scale(bars.High), Scale(bars.Low), Scale(bars.Close));
    }

    /// <summary>The file, as the caller named it.</summary>
    public string Path { get; }

    /// <summary>The bars as the data has them.</summary>
    public BarSeries Raw => _bars;

    public int Count => Factor.Length;

    /// <summary>Adjusted close / close, with what one bar alone has replaced by what the bars beside it have.</summary>
    public double[] Factor { get; }

    /// <summary>The factors that one bar alone has, by bar.</summary>
    public SortedDictionary<int, double> Lone { get; } = [];

    /// <summary>True where the factor changes at a bar by more than the rounding of the adjusted close.</summary>
    public bool FactorMoves(int t) => t > 0 && Moves(Factor[t - 1], Factor[t], t);

    public double[] Open { get; }

    public double[] High { get; }

    public double[] Low { get; }

    public double[] Close { get; }

    /// <summary>The usual size of a bar around one: a fraction, the larger of the median range and the median move between closes.</summary>
    /// <remarks>The bar itself takes no part. At least 0.2 %: where prices hardly move, a tick is no event.</remarks>
    public double UsualRange(int at)
    {
        const double Least = 0.002;
        Span<double> ranges = stackalloc double[2 * Reach], moves = stackalloc double[2 * Reach];
        var (rangeCount, moveCount) = (0, 0);
        for (var t = Math.Max(0, at - Reach); t <= Math.Min(Count - 1, at + Reach); t++)
        {
            if (t == at) continue;
            ranges[rangeCount++] = Math.Log(High[t] / Low[t]);
            if (t > 0) moves[moveCount++] = Math.Abs(Math.Log(Close[t] / Close[t - 1]));
        }
        return Math.Max(Least, Math.Max(Median(ranges[..rangeCount]), Median(moves[..moveCount])));
    }

    /// <summary>The money traded in a bar / the median of the bars around it; 1 where the data has no volume there.</summary>
    public double Crowd(int at)
    {
        Span<double> money = stackalloc double[2 * Reach];
        var count = 0;
        for (var t = Math.Max(0, at - Reach); t <= Math.Min(Count - 1, at + Reach); t++)
            if (t != at) money[count++] = _bars.Volume[t] * _bars.Close[t];
        var usual = Median(money[..count]);
        return usual > 0 ? _bars.Volume[at] * _bars.Close[at] / usual : 1;
    }

    /// <summary>A finding at a bar.</summary>
    public MarketDataFinding At(int bar, MarketDataFindingKind kind, FindingSeverity severity, string? field, double? value, string detail) => new()
    {
        Kind = kind,
        Severity = severity,
        Symbol = _bars.Symbol,
        Date = _bars.Dates[bar],
        Field = field,
        Value = value,
        Detail = detail,
        Path = Path,
        Line = _lines?[bar],
    };

    // The adjusted close stands in the file with so many digits and no more; what the last digit does is no change of factor.
    private bool Moves(double before, double now, int t)
    {
        const double Least = 2e-4, LastDigit = 1e-6;
        return _bars.HasAdjustedClose
            && Math.Abs(Math.Log(now / before)) > Math.Max(Least, 2 * LastDigit / Math.Min(_bars.AdjustedClose[t], _bars.AdjustedClose[t - 1]));
    }

    private double[] Scale(ReadOnlySpan<double> prices)
    {
        var scaled = prices.ToArray();
        for (var t = 0; t < scaled.Length; t++) scaled[t] *= Factor[t];
        return scaled;
    }

    private static double Median(Span<double> values)
    {
        if (values.Length == 0) return 0;
        values.Sort();
        return values[values.Length / 2];
    }
}
