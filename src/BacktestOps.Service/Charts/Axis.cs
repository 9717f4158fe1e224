using System.Globalization;

namespace BacktestOps.Service.Charts;

/// <summary>Values from low to high on pixels from bottom to top, with round ticks.</summary>
internal sealed class Axis
{
    private static readonly double[] s_steps = [1, 2, 2.5, 5, 10];

    private readonly double _low;
    private readonly double _high;
    private readonly double _top;
    private readonly double _bottom;

    /// <param name="low">The lowest value that is drawn.</param>
    /// <param name="high">The highest value that is drawn.</param>
    /// <param name="top">The pixel row of the highest tick.</param>
    /// <param name="bottom">The pixel row of the lowest tick.</param>
    /// <param name="intervals">About how many intervals there are between ticks.</param>
    public Axis(double low, double high, double top, double bottom, int intervals)
    {
        var span = high > low ? high - low : low != 0 ? Math.Abs(low) : 1;
        var rough = span / intervals;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * s_steps.First(factor => factor * power >= rough * 0.999999);
        var first = Math.Floor((low / step) + 1e-9);
        var last = Math.Max(first + 1, Math.Ceiling((high / step) - 1e-9));
        // Multiplied, not added up: the tick at zero is zero.
        Ticks = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(index => (first + index) * step)];
        (_low, _high, _top, _bottom) = (Ticks[0], Ticks[^1], top, bottom);
        Decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9)) + (step / power is > 2.4 and < 2.6 && step < 10 ? 1 : 0);
    }

    /// <summary>Round values from at most the lowest to at least the highest.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>How many decimals tell the ticks apart.</summary>
    public int Decimals { get; }

    /// <summary>The pixel row of a value.</summary>
    public double At(double value) => _bottom - ((_bottom - _top) * (value - _low) / (_high - _low));

    /// <summary>A tick as text without words, so that it reads the same in every language.</summary>
    public string Label(double tick) => tick.ToString("N" + Math.Min(Decimals, 4), CultureInfo.InvariantCulture);
}
