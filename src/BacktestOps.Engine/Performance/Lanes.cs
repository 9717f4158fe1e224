using System.Runtime.Intrinsics;

namespace BacktestOps.Engine;

/// <summary>Sums over four lanes of fixed width, so that every machine adds in the same order and gives the same bits.</summary>
internal static class Lanes
{
    private const int Width = 4;

    /// <summary>Σ values.</summary>
    public static double Sum(ReadOnlySpan<double> values)
    {
        var sums = Vector256<double>.Zero;
        var t = 0;
        for (; t <= values.Length - Width; t += Width) sums += Vector256.Create(values.Slice(t, Width));
        var sum = Vector256.Sum(sums);
        for (; t < values.Length; t++) sum += values[t];
        return sum;
    }

    /// <summary>Σ (values − centre)², and the largest |value − centre|.</summary>
    public static (double Squares, double Furthest) Distances(ReadOnlySpan<double> values, double centre)
    {
        var (squares, furthest) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var centres = Vector256.Create(centre);
        var t = 0;
        for (; t <= values.Length - Width; t += Width)
        {
            var distance = Vector256.Create(values.Slice(t, Width)) - centres;
            squares += distance * distance;
            furthest = Vector256.Max(furthest, Vector256.Abs(distance));
        }
        var (sum, most) = (Vector256.Sum(squares), 0.0);
        for (var lane = 0; lane < Width; lane++) most = Math.Max(most, furthest[lane]);
        for (; t < values.Length; t++)
        {
            var distance = values[t] - centre;
            sum += distance * distance;
            most = Math.Max(most, Math.Abs(distance));
        }
        return (sum, most);
    }

    /// <summary>Σ (values − centre)³ and Σ (values − centre)⁴.</summary>
    public static (double Cubes, double Fourths) HigherPowers(ReadOnlySpan<double> values, double centre)
    {
        var (cubes, fourths) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var centres = Vector256.Create(centre);
        var t = 0;
        for (; t <= values.Length - Width; t += Width)
        {
            var distance = Vector256.Create(values.Slice(t, Width)) - centres;
            var square = distance * distance;
            cubes += square * distance;
            fourths += square * square;
        }
        var (third, fourth) = (Vector256.Sum(cubes), Vector256.Sum(fourths));
        for (; t < values.Length; t++)
        {
            var distance = values[t] - centre;
            third += distance * distance * distance;
            fourth += distance * distance * (distance * distance);
        }
        return (third, fourth);
    }

    /// <summary>Σ max(v − level, 0), Σ max(level − v, 0) and Σ min(v − level, 0)².</summary>
    public static (double Above, double Below, double BelowSquares) Around(ReadOnlySpan<double> values, double level)
    {
        var (above, below, squares) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        var levels = Vector256.Create(level);
        var t = 0;
        for (; t <= values.Length - Width; t += Width)
        {
            var distance = Vector256.Create(values.Slice(t, Width)) - levels;
            var under = Vector256.Min(distance, Vector256<double>.Zero);
            above += Vector256.Max(distance, Vector256<double>.Zero);
            below -= under;
            squares += under * under;
        }
        var (up, down, square) = (Vector256.Sum(above), Vector256.Sum(below), Vector256.Sum(squares));
        for (; t < values.Length; t++)
        {
            var distance = values[t] - level;
            var under = Math.Min(distance, 0);
            up += Math.Max(distance, 0);
            down -= under;
            square += under * under;
        }
        return (up, down, square);
    }
}
