namespace BacktestOps.Engine.Sweeps;

/// <summary>Sums up an equity curve bar by bar, without keeping it.</summary>
internal struct CurveSums
{
    private double _before, _peak, _overPeak;

    /// <summary>The curve's first mark.</summary>
    public double First { get; private set; }

    /// <summary>Σ r.</summary>
    public double Sum { get; private set; }

    /// <summary>Σ r².</summary>
    public double Squares { get; private set; }

    /// <summary>The lowest quotient of a mark and the highest mark so far.</summary>
    public double Deepest { get; private set; }

    /// <summary>The mark before the next.</summary>
    public readonly double Last => _before;

    /// <summary>Starts a curve.</summary>
    public static CurveSums From(double first) => new() { First = first, _before = first, _peak = first, _overPeak = 1 / first, Deepest = 1 };

    /// <summary>Takes the next mark.</summary>
    public void Add(double mark)
    {
        var change = mark / _before - 1;
        Sum += change;
        Squares += change * change;
        _before = mark;
        if (mark > _peak) (_peak, _overPeak) = (mark, 1 / mark);
        else Deepest = Math.Min(Deepest, mark * _overPeak);
    }

    /// <summary>Takes the marks of a position.</summary>
    /// <param name="cash">Cash beside it.</param>
    /// <param name="shares">Shares.</param>
    /// <param name="closes">The closes.</param>
    public void Add(double cash, double shares, ReadOnlySpan<double> closes)
    {
        // Held in registers: this is where a sweep without a short way spends its time.
        var (before, peak, overPeak, deepest, sum, squares) = (_before, _peak, _overPeak, Deepest, Sum, Squares);
        foreach (var close in closes)
        {
            var mark = cash + shares * close;
            var change = mark / before - 1;
            sum += change;
            squares += change * change;
            before = mark;
            if (mark > peak)
            {
                peak = mark;
                overPeak = 1 / mark;
            }
            else
            {
                var under = mark * overPeak;
                if (under < deepest) deepest = under;
            }
        }
        (_before, _peak, _overPeak, Deepest, Sum, Squares) = (before, peak, overPeak, deepest, sum, squares);
    }
}
