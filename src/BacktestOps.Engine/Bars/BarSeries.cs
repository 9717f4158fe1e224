using System.Runtime.InteropServices;

namespace BacktestOps.Engine.Bars;

/// <summary>The bars of one symbol as columns, oldest first.</summary>
/// <remarks>
/// Dates ascend strictly; prices are positive and finite, volume is zero or more. Low ≤ open, close ≤ high is
/// usual and not certain: real files break it, the readers say so in a warning, and whoever needs a bar's range takes open and close into it.
/// The constructor keeps the arrays: the caller gives them away.
/// </remarks>
public sealed class BarSeries
{
    private readonly DateTime[] _dates;
    private readonly double[] _open, _high, _low, _close, _volume;
    private readonly double[]? _adjustedClose, _growth;
    private readonly int _start;

    /// <summary>Creates a series from columns of equal length.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <param name="dates">The bars' dates, exchange time.</param>
    /// <param name="open">First prices.</param>
    /// <param name="high">Highest prices.</param>
    /// <param name="low">Lowest prices.</param>
    /// <param name="close">Last prices.</param>
    /// <param name="volume">Shares traded.</param>
    /// <param name="adjustedClose">Closes adjusted for splits and dividends; null when the data has none.</param>
    /// <param name="growth">What a share grows to at the open of each bar by splits and dividends, see <see cref="CorporateActions"/>; null when none are known.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public BarSeries(
        string symbol, DateTime[] dates, double[] open, double[] high, double[] low, double[] close, double[] volume,
        double[]? adjustedClose = null, double[]? growth = null)
    {
        var n = dates.Length;
        if (open.Length != n || high.Length != n || low.Length != n || close.Length != n || volume.Length != n
            || (adjustedClose is not null && adjustedClose.Length != n) || (growth is not null && growth.Length != n))
            throw new ArgumentException($"The columns of '{symbol}' differ in length.", nameof(dates));
        Symbol = symbol;
        (_dates, _open, _high, _low, _close, _volume, _adjustedClose, _growth) = (dates, open, high, low, close, volume, adjustedClose, growth);
        Count = n;
    }

    private BarSeries(BarSeries whole, int start, int count, DateTime[]? dates = null)
    {
        Symbol = whole.Symbol;
        (_dates, _open, _high, _low, _close, _volume, _adjustedClose, _growth) =
            (dates ?? whole._dates, whole._open, whole._high, whole._low, whole._close, whole._volume, whole._adjustedClose, whole._growth);
        (_start, Count) = (whole._start + start, count);
    }

    /// <summary>The symbol.</summary>
    public string Symbol { get; }

    /// <summary>How many bars.</summary>
    public int Count { get; }

    /// <summary>The bars' dates.</summary>
    public ReadOnlySpan<DateTime> Dates => new(_dates, _start, Count);

    /// <summary>First prices.</summary>
    public ReadOnlySpan<double> Open => new(_open, _start, Count);

    /// <summary>Highest prices.</summary>
    public ReadOnlySpan<double> High => new(_high, _start, Count);

    /// <summary>Lowest prices.</summary>
    public ReadOnlySpan<double> Low => new(_low, _start, Count);

    /// <summary>Last prices.</summary>
    public ReadOnlySpan<double> Close => new(_close, _start, Count);

    /// <summary>Shares traded.</summary>
    public ReadOnlySpan<double> Volume => new(_volume, _start, Count);

    /// <summary>True when the data has an adjusted close.</summary>
    public bool HasAdjustedClose => _adjustedClose is not null;

    /// <summary>Adjusted closes; empty when the data has none.</summary>
    public ReadOnlySpan<double> AdjustedClose => _adjustedClose is null ? default : new(_adjustedClose, _start, Count);

    /// <summary>True when splits and dividends are known, so that prices as traded can be held over them.</summary>
    public bool HasActions => _growth is not null;

    /// <summary>What a share grows to at the open of each bar; empty when splits and dividends are not known.</summary>
    public ReadOnlySpan<double> Growth => _growth is null ? default : new(_growth, _start, Count);

    /// <summary>The bars of some calendar days, as a view on the same columns.</summary>
    /// <param name="from">The first day, inclusive; null for the beginning.</param>
    /// <param name="to">The last day, inclusive; null for the end.</param>
    /// <returns>The bars whose date falls on these days; it may be empty.</returns>
    public BarSeries Between(DateOnly? from, DateOnly? to)
    {
        var start = from is { } first ? LowerBound(first.ToDateTime(TimeOnly.MinValue)) : 0;
        var end = to is { } last && last < DateOnly.MaxValue ? LowerBound(last.AddDays(1).ToDateTime(TimeOnly.MinValue)) : Count;
        return new BarSeries(this, start, Math.Max(0, end - start));
    }

    /// <summary>The bars from one date to another, as a view on the same columns.</summary>
    /// <param name="first">The first date, inclusive.</param>
    /// <param name="last">The last date, inclusive.</param>
    internal BarSeries Between(DateTime first, DateTime last)
    {
        var start = LowerBound(first);
        return new BarSeries(this, start, Math.Max(0, LowerBound(last.AddTicks(1)) - start));
    }

    /// <summary>True when another series has the same dates.</summary>
    /// <param name="other">The other series.</param>
    /// <param name="shared">This series with the other's column of dates, so that they lie in memory once; this series itself where they differ.</param>
    internal bool TryShareDates(BarSeries other, out BarSeries shared)
    {
        shared = this;
        // To the byte: two instants are equal also where one says its kind of time and the other does not.
        if (other._start != _start || !AreSame(other.Dates, Dates)) return false;
        shared = new BarSeries(this, 0, Count, other._dates);
        return true;
    }

    /// <summary>True when the bars have these dates.</summary>
    internal bool HasDates(ReadOnlySpan<DateTime> dates) => dates.Length == Count && (AreSame(dates, Dates) || dates.SequenceEqual(Dates));

    // Many at a time, which the comparison of dates by value is not.
    private static bool AreSame(ReadOnlySpan<DateTime> a, ReadOnlySpan<DateTime> b) => MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));

    /// <summary>The bars with prices scaled so that each close is the adjusted close.</summary>
    /// <remarks>
    /// Every price of a bar is multiplied by adjusted close / close, as charting and data vendors do it, and its volume is
    /// divided by the same factor, so that the money traded (price × volume) stays what it was. A price equal to the close
    /// becomes the adjusted close to the bit, and what order low, open, close and high have stays as it is.
    /// </remarks>
    /// <returns>A new series; this one when the data has no adjusted close.</returns>
    public BarSeries ToAdjusted()
    {
        if (_adjustedClose is null) return this;
        var (open, high, low, volume) = (new double[Count], new double[Count], new double[Count], new double[Count]);
        var adjusted = AdjustedClose.ToArray();
        for (var t = 0; t < Count; t++)
        {
            // Divided first: a ratio of one is exact, and a rounded division keeps the order of prices.
            var close = Close[t];
            open[t] = Open[t] / close * adjusted[t];
            high[t] = High[t] / close * adjusted[t];
            low[t] = Low[t] / close * adjusted[t];
            volume[t] = Volume[t] / (adjusted[t] / close);
        }
        return new BarSeries(Symbol, Dates.ToArray(), open, high, low, adjusted, volume, adjusted);
    }

    /// <summary>What a share held at the first bar has grown to at each; empty when splits and dividends are not known.</summary>
    public double[] Carried()
    {
        if (_growth is null) return [];
        var (carried, shares) = (new double[Count], 1.0);
        for (var t = 0; t < Count; t++) carried[t] = t == 0 ? shares : shares *= Growth[t];
        return carried;
    }

    /// <summary>What a share held at the close of a bar has grown to at a later one; 1 when splits and dividends are not known.</summary>
    public double GrowthBetween(int from, int to)
    {
        var shares = 1.0;
        for (var t = from + 1; _growth is not null && t <= to; t++) shares *= Growth[t];
        return shares;
    }

    /// <summary>The bars with prices of what a share held at the first bar has grown to: without jumps, and of nothing that comes later.</summary>
    /// <returns>A new series; this one when splits and dividends are not known.</returns>
    public BarSeries ToCarried()
    {
        if (_growth is null) return this;
        var carried = Carried();
        double[] Scale(ReadOnlySpan<double> prices)
        {
            var scaled = prices.ToArray();
            for (var t = 0; t < scaled.Length; t++) scaled[t] *= carried[t];
            return scaled;
        }
        var volume = Volume.ToArray();
        for (var t = 0; t < volume.Length; t++) volume[t] /= carried[t];
        return new BarSeries(Symbol, Dates.ToArray(), Scale(Open), Scale(High), Scale(Low), Scale(Close), volume);
    }

    private int LowerBound(DateTime date)
    {
        var found = Dates.BinarySearch(date);
        return found >= 0 ? found : ~found;
    }
}
