using BacktestOps.Contracts;

namespace BacktestOps.Engine.Sweeps;

/// <summary>The largest objective for each pair of values of the first two parameters that have several.</summary>
internal sealed class HeatmapTally
{
    // More than a picture shows; neighbours share a place then.
    private const int MostPlaces = 200;

    private readonly Sweep _sweep;
    private readonly int _x, _y;
    private readonly int _groupX, _groupY;
    private readonly double[][] _values;
    private readonly int[] _at;

    private HeatmapTally(Sweep sweep, int y, int x)
    {
        (_sweep, _y, _x) = (sweep, y, x);
        _groupX = Group(x);
        _groupY = Group(y);
        _at = new int[sweep.Parameters.Count];
        _values = new double[Places(y, _groupY)][];
        for (var row = 0; row < _values.Length; row++)
        {
            _values[row] = new double[Places(x, _groupX)];
            Array.Fill(_values[row], double.NaN);
        }
    }

    /// <summary>Starts empty; null where fewer than two parameters have several values.</summary>
    public static HeatmapTally? Create(Sweep sweep)
    {
        int[] several = [.. Enumerable.Range(0, sweep.Parameters.Count).Where(i => sweep.Values[i].Count > 1)];
        return several.Length < 2 ? null : new HeatmapTally(sweep, several[0], several[1]);
    }

    /// <summary>Takes a variant.</summary>
    public void Add(long cell, double objective)
    {
        _sweep.Locate(cell, _at);
        ref var value = ref _values[_at[_y] / _groupY][_at[_x] / _groupX];
        if (!(value >= objective)) value = objective;
    }

    /// <summary>The picture's numbers.</summary>
    public SweepHeatmap Build() => new()
    {
        X = _sweep.Parameters[_x],
        Y = _sweep.Parameters[_y],
        XValues = Firsts(_x, _groupX),
        YValues = Firsts(_y, _groupY),
        Values = [.. _values.Select(row => row.Select(EquityFigures.Number).ToArray())],
    };

    private int Group(int parameter) => (_sweep.Values[parameter].Count + MostPlaces - 1) / MostPlaces;

    private int Places(int parameter, int group) => (_sweep.Values[parameter].Count + group - 1) / group;

    private double[] Firsts(int parameter, int group) => [.. _sweep.Values[parameter].Where((_, i) => i % group == 0)];
}
