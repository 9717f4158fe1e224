using System.Numerics;

namespace BacktestOps.Engine.Sweeps;

/// <summary>Of any stretch of closes the largest, the smallest and the deepest fall, in two look-ups.</summary>
/// <remarks>
/// A disjoint sparse table: level k cuts the bars into blocks of 2ᵏ⁺¹ and keeps, from the middle of each, what stretches to the
/// left and to the right of it hold. Two bars first differ in one bit of their numbers: at the level of that bit the middle of
/// the block lies between them, and the two halves make the stretch without overlapping, as a fall needs it.
/// </remarks>
internal sealed class HeldRanges
{
    private readonly Stretch[][] _levels;

    /// <summary>Prepares the table: n log₂ n stretches.</summary>
    /// <param name="closes">Positive prices.</param>
    public HeldRanges(ReadOnlySpan<double> closes)
    {
        var count = closes.Length;
        _levels = new Stretch[count < 2 ? 1 : BitOperations.Log2((uint)count - 1) + 1][];
        for (var level = 0; level < _levels.Length; level++) Fill(closes, _levels[level] = GC.AllocateUninitializedArray<Stretch>(count), 1 << level);
    }

    /// <summary>A stretch of closes.</summary>
    /// <param name="first">Its first bar.</param>
    /// <param name="last">Its last bar, not before the first.</param>
    public Stretch this[int first, int last]
    {
        get
        {
            var level = _levels[BitOperations.Log2((uint)(first ^ last))];
            ref readonly var left = ref level[first];
            ref readonly var right = ref level[last];
            return new(
                left.Highest > right.Highest ? left.Highest : right.Highest,
                left.Lowest < right.Lowest ? left.Lowest : right.Lowest,
                Math.Min(Math.Min(left.Fall, right.Fall), right.Lowest / left.Highest));
        }
    }

    private static void Fill(ReadOnlySpan<double> closes, Span<Stretch> stretches, int half)
    {
        for (var middle = half; middle - half < closes.Length; middle += 2 * half)
        {
            var before = new Stretch(0, double.PositiveInfinity, 1);
            for (var t = Math.Min(middle, closes.Length) - 1; t >= middle - half; t--)
            {
                var lowest = Math.Min(before.Lowest, closes[t]);
                stretches[t] = before = new(Math.Max(before.Highest, closes[t]), lowest, Math.Min(before.Fall, lowest / closes[t]));
            }
            before = new Stretch(0, double.PositiveInfinity, 1);
            for (var t = middle; t < Math.Min(middle + half, closes.Length); t++)
            {
                var highest = Math.Max(before.Highest, closes[t]);
                stretches[t] = before = new(highest, Math.Min(before.Lowest, closes[t]), Math.Min(before.Fall, closes[t] / highest));
            }
        }
    }

    /// <summary>What is known of a stretch.</summary>
    /// <param name="Highest">The highest close.</param>
    /// <param name="Lowest">The lowest close.</param>
    /// <param name="Fall">The lowest quotient of a close and one not after it, 1 or below.</param>
    internal readonly record struct Stretch(double Highest, double Lowest, double Fall);
}
