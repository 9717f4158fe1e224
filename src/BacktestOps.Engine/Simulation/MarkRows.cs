using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Engine.Simulation;

/// <summary>The last known closes of all symbols, a row a date.</summary>
/// <remarks>Prepared for some dates at a time: one symbol's closes lie side by side in memory, and what is marked together does not.</remarks>
/// <param name="bars">The symbols.</param>
/// <param name="timeline">Their dates.</param>
internal sealed class MarkRows(BarSeries[] bars, Timeline timeline)
{
    private const int Block = 64;

    private readonly double[] _rows = new double[Block * bars.Length];
    private readonly double[] _last = new double[bars.Length];
    private int _next = -1;

    /// <summary>The closes at or before a date; 0 before the first bar. Dates are asked for in ascending order.</summary>
    public ReadOnlySpan<double> At(int date)
    {
        if (_next < 0) Begin(date - date % Block);
        while (date >= _next) Fill();
        return _rows.AsSpan(date % Block * bars.Length, bars.Length);
    }

    // A simulation that goes on from a later date finds the closes before it.
    private void Begin(int first)
    {
        _next = first;
        for (var i = 0; i < bars.Length; i++)
        {
            for (var date = first - 1; date >= 0 && _last[i] == 0; date--)
            {
                if (timeline.BarAt(i, date) is >= 0 and var bar) _last[i] = bars[i].Close[bar];
            }
        }
    }

    private void Fill()
    {
        var count = Math.Min(Block, timeline.Dates.Length - _next);
        for (var i = 0; i < bars.Length;)
        {
            if (count == Block && AreFull(i))
            {
                FillTwo(i);
                i += 2;
                continue;
            }
            FillPart(i++, count);
        }
        _next += Block;
    }

    private bool AreFull(int first) => first + 1 < bars.Length && timeline.IsFull(first) && timeline.IsFull(first + 1);

    // Two symbols by two dates at a time are turned within registers.
    private void FillTwo(int first)
    {
        var x = Vectors(first);
        var y = Vectors(first + 1)[..x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var rows = _rows.AsSpan(2 * i * bars.Length + first);
            Vector128.Create(x[i][0], y[i][0]).CopyTo(rows);
            High(x[i], y[i]).CopyTo(rows[bars.Length..]);
        }
    }

    private ReadOnlySpan<Vector128<double>> Vectors(int symbol) => MemoryMarshal.Cast<double, Vector128<double>>(bars[symbol].Close.Slice(_next, Block));

    private static Vector128<double> High(Vector128<double> x, Vector128<double> y) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(x, y) : Vector128.Create(x[1], y[1]);

    private void FillPart(int symbol, int count)
    {
        var close = bars[symbol].Close;
        var last = _last[symbol];
        for (var row = 0; row < count; row++)
        {
            var bar = timeline.BarAt(symbol, _next + row);
            if (bar >= 0) last = close[bar];
            _rows[row * bars.Length + symbol] = last;
        }
        _last[symbol] = last;
    }
}
