using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BacktestOps.Engine.Rules.Evaluation;

namespace BacktestOps.Engine.Sweeps;

/// <summary>All columns of one slot over one series of bars, in single precision, with bounds that say where that is not enough.</summary>
/// <remarks>
/// Half the memory of doubles and twice the bars a vector, and almost every comparison is decided by it: two numbers that lie
/// further apart than their bounds are in the order of the exact numbers. The others are compared as in a single run.
/// </remarks>
internal sealed class ColumnTable
{
    // Rounding to single precision, and room for what the comparison itself rounds.
    private const double SingleRounding = (1 + 1.0 / 1024) / (1 << 24);
    private const double Slack = 1 + 1.0 / 4096;
    private const double LargestSingle = 1e37;
    private const double SmallestSingle = 1e-37;

    private readonly int _words;
    // An array a column: one for all of them would be a large object, and every few sweeps would cost a collection of everything.
    private readonly float[][] _values;
    private readonly float[][] _doubts;
    private readonly ulong[][] _defined;

    /// <summary>Computes the columns.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="evaluator">Computes nodes over the bars.</param>
    public ColumnTable(SweepSlot slot, SeriesEvaluator evaluator)
    {
        Nodes = slot.Nodes;
        _words = ConditionColumn.Words(evaluator.Count);
        (_values, _doubts, _defined) = (new float[Nodes.Length][], new float[Nodes.Length][], new ulong[Nodes.Length][]);
        for (var place = 0; place < Nodes.Length; place++) Fill(place, evaluator);
    }

    /// <summary>The series by the number of the combination.</summary>
    public SeriesNode[] Nodes { get; }

    /// <summary>True when the columns of a slot are averages of one price, which running sums compare without any column.</summary>
    public static bool IsMeans(SweepSlot slot) => slot.Nodes.All(node => ExactColumns.TryMean(node, out _, out _));

    /// <summary>Compares two columns at every bar.</summary>
    /// <param name="a">The table of the first.</param>
    /// <param name="placeA">Its number there.</param>
    /// <param name="b">The table of the second, over the same bars.</param>
    /// <param name="placeB">Its number there.</param>
    /// <param name="above">Takes the bars at which the first is above.</param>
    /// <param name="below">Takes the bars at which it is below.</param>
    /// <param name="defined">Takes the bars at which both are defined.</param>
    /// <returns>True when some bars are in doubt: defined, and neither above nor below.</returns>
    public static bool Compare(ColumnTable a, int placeA, ColumnTable b, int placeB, Span<ulong> above, Span<ulong> below, Span<ulong> defined)
    {
        ref var x = ref a._values[placeA][0];
        ref var y = ref b._values[placeB][0];
        ReadOnlySpan<float> doubtsA = a._doubts[placeA], doubtsB = b._doubts[placeB];
        ReadOnlySpan<ulong> definedA = a._defined[placeA], definedB = b._defined[placeB];
        var doubt = 0UL;
        for (var word = 0; word < doubtsA.Length; word++)
        {
            var bound = doubtsA[word] + doubtsB[word];
            var start = (nuint)(word << 6);
            ulong up, down;
            if (Vector512.IsHardwareAccelerated) (up, down) = Compare512(ref x, ref y, start, bound);
            else (up, down) = Compare256(ref x, ref y, start, bound);
            var both = definedA[word] & definedB[word];
            (above[word], below[word], defined[word]) = (up, down, both);
            doubt |= both & ~(up | down);
        }
        return doubt != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong Up, ulong Down) Compare512(ref float x, ref float y, nuint start, float bound)
    {
        var (up, down) = (0UL, 0UL);
        var (over, under) = (Vector512.Create(bound), Vector512.Create(-bound));
        for (nuint i = 0; i < 64; i += 16)
        {
            var apart = Vector512.LoadUnsafe(ref x, start + i) - Vector512.LoadUnsafe(ref y, start + i);
            up |= Vector512.GreaterThan(apart, over).ExtractMostSignificantBits() << (int)i;
            down |= Vector512.LessThan(apart, under).ExtractMostSignificantBits() << (int)i;
        }
        return (up, down);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong Up, ulong Down) Compare256(ref float x, ref float y, nuint start, float bound)
    {
        var (up, down) = (0UL, 0UL);
        var (over, under) = (Vector256.Create(bound), Vector256.Create(-bound));
        for (nuint i = 0; i < 64; i += 8)
        {
            var apart = Vector256.LoadUnsafe(ref x, start + i) - Vector256.LoadUnsafe(ref y, start + i);
            up |= (ulong)Vector256.GreaterThan(apart, over).ExtractMostSignificantBits() << (int)i;
            down |= (ulong)Vector256.LessThan(apart, under).ExtractMostSignificantBits() << (int)i;
        }
        return (up, down);
    }

    private void Fill(int place, SeriesEvaluator evaluator)
    {
        var values = (_values[place] = GC.AllocateUninitializedArray<float>(_words * 64)).AsSpan();
        (_doubts[place], _defined[place]) = (new float[_words], new ulong[_words]);
        values[evaluator.Count..].Fill(float.NaN);
        var node = Nodes[place];
        if (ExactColumns.TryMean(node, out var field, out var bars))
        {
            evaluator.Ticks(field).Means(bars, values[..evaluator.Count]);
            // Twice: the sum and its quotient were rounded too, by far less.
            Bound(place, values, 2 * SingleRounding);
            return;
        }
        var column = evaluator.Column(node);
        for (var t = 0; t < column.Values.Length; t++)
            values[t] = Math.Abs(column.Values[t]) <= LargestSingle ? (float)column.Values[t] : float.NaN;
        Bound(place, values, SingleRounding + column.Errors.Relative * Slack);
        if (column.Errors.Absolute is { } errors) Widen(place, column.Values, errors);
        MarkLarge(place, column.Values);
    }

    // A word's bound is that of its largest number: one number to load where 64 are compared.
    private void Bound(int place, ReadOnlySpan<float> values, double relative)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        for (var word = 0; word < _words; word++)
        {
            var (largest, defined) = (Vector256<float>.Zero, 0UL);
            for (var i = 0; i < 8; i++)
            {
                var value = vectors[word * 8 + i];
                var there = Vector256.Equals(value, value);
                defined |= (ulong)there.ExtractMostSignificantBits() << (i * 8);
                largest = Vector256.Max(largest, Vector256.Abs(value) & there);
            }
            var most = 0f;
            for (var lane = 0; lane < 8; lane++) most = Math.Max(most, largest[lane]);
            _doubts[place][word] = (float)((most * relative + SmallestSingle) * Slack);
            _defined[place][word] = defined;
        }
    }

    private void Widen(int place, double[] values, double[] errors)
    {
        for (var word = 0; word < _words; word++)
        {
            var most = 0.0;
            for (var t = word * 64; t < Math.Min(values.Length, word * 64 + 64); t++)
            {
                if (errors[t] > most && !double.IsNaN(values[t])) most = errors[t];
            }
            ref var doubt = ref _doubts[place][word];
            doubt = (float)((doubt + most) * Slack);
        }
    }

    // Numbers beyond single precision are defined all the same; their whole word is left to the exact comparison.
    private void MarkLarge(int place, double[] values)
    {
        for (var t = 0; t < values.Length; t++)
        {
            if (!(Math.Abs(values[t]) > LargestSingle)) continue;
            _defined[place][t >> 6] |= 1UL << (t & 63);
            _doubts[place][t >> 6] = float.PositiveInfinity;
        }
    }
}
