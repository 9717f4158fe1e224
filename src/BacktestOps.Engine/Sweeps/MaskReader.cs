using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BacktestOps.Engine.Rules.Evaluation;

namespace BacktestOps.Engine.Sweeps;

/// <summary>The columns of a plan over one series of bars, shared by all that read masks from them.</summary>
internal sealed class PlanColumns
{
    private readonly MaskPlan _plan;
    private readonly SeriesEvaluator _evaluator;
    private readonly ColumnTable[] _tables;
    private readonly bool[] _means;
    private readonly Lock _lock = new();

    /// <summary>Computes the columns.</summary>
    public PlanColumns(MaskPlan plan, SeriesEvaluator evaluator)
    {
        (_plan, _evaluator) = (plan, evaluator);
        _tables = [.. plan.Slots.Select(slot => new ColumnTable(slot, evaluator))];
        _means = [.. plan.Slots.Select(ColumnTable.IsMeans)];
        Count = evaluator.Count;
    }

    /// <summary>How many bars.</summary>
    public int Count { get; }

    /// <summary>Compares the two series of a pair, as a single run does.</summary>
    public void Compare(int pair, ReadOnlySpan<int> places, Span<ulong> above, Span<ulong> below, Span<ulong> defined)
    {
        var (x, y) = _plan.Pairs[pair];
        var (a, b) = (_tables[x], _tables[y]);
        if (ColumnTable.Compare(a, places[x], b, places[y], above, below, defined))
            Resolve(x, y, a.Nodes[places[x]], b.Nodes[places[y]], above, below, defined);
    }

    private void Resolve(int x, int y, SeriesNode a, SeriesNode b, Span<ulong> above, Span<ulong> below, Span<ulong> defined)
    {
        // A series is equal to itself.
        if (a == b) return;
        if (_means[x] && _means[y] && ResolveMeans(a, b, above, below, defined)) return;
        // Nodes are computed when they are first asked for, by one thread at a time.
        lock (_lock)
        {
            for (var word = 0; word < defined.Length; word++)
            {
                if ((defined[word] & ~(above[word] | below[word])) == 0) continue;
                (below[word], _, above[word]) = _evaluator.CompareWord(a, b, word);
            }
        }
    }

    private bool ResolveMeans(SeriesNode a, SeriesNode b, Span<ulong> above, Span<ulong> below, Span<ulong> defined)
    {
        if (!ExactColumns.TryMean(a, out var field, out var barsA) || !ExactColumns.TryMean(b, out var fieldB, out var barsB) || field != fieldB)
            return false;
        var sums = _evaluator.Ticks(field);
        for (var word = 0; word < defined.Length; word++)
        {
            for (var doubt = defined[word] & ~(above[word] | below[word]); doubt != 0; doubt &= doubt - 1)
            {
                var sign = sums.CompareMeans((word << 6) + System.Numerics.BitOperations.TrailingZeroCount(doubt), barsA, barsB);
                if (sign > 0) above[word] |= doubt & (0 - doubt);
                else if (sign < 0) below[word] |= doubt & (0 - doubt);
            }
        }
        return true;
    }
}

/// <summary>Reads the masks of entry and exit for one variant after the other; one for each thread.</summary>
internal sealed class MaskReader
{
    // Words before the first, so that a step may look at the word before: zero, always.
    private const int Margin = 8;

    private readonly MaskPlan _plan;
    private readonly PlanColumns _columns;
    private readonly int[] _places;
    private readonly ulong[] _masks;
    private readonly int _words, _stride;

    /// <summary>Makes room.</summary>
    public MaskReader(MaskPlan plan, PlanColumns columns)
    {
        (_plan, _columns) = (plan, columns);
        _places = new int[plan.Slots.Count];
        _words = ConditionColumn.Words(columns.Count);
        _stride = Margin + (_words + 7) / 8 * 8;
        _masks = new ulong[Math.Max(1, plan.Masks) * _stride];
    }

    /// <summary>The bars at which the entry rule holds, after <see cref="Read"/>.</summary>
    public ReadOnlySpan<ulong> Entry => Mask(_plan.Entry);

    /// <summary>The bars at which the exit rule holds, after <see cref="Read"/>.</summary>
    public ReadOnlySpan<ulong> Exit => Mask(_plan.Exit);

    /// <summary>Reads both rules for a variant.</summary>
    /// <param name="at">For each swept parameter the number of its value.</param>
    public void Read(ReadOnlySpan<int> at)
    {
        for (var slot = 0; slot < _places.Length; slot++) _places[slot] = _plan.Slots[slot].Place(at);
        var steps = _plan.Steps;
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            switch (step.Operation)
            {
                case MaskOperation.Compare:
                    _columns.Compare(step.A, _places, Mask(step.Target), Mask(step.Target + 1), Mask(step.Target + 2));
                    break;
                case MaskOperation.Test:
                    Constant(Mask(step.Target), _plan.Tests[step.A].Holds(at));
                    break;
                default:
                    Combine(step);
                    break;
            }
        }
    }

    private Span<ulong> Mask(int mask) => _masks.AsSpan(mask * _stride + Margin, _words);

    private void Constant(Span<ulong> mask, bool value)
    {
        mask.Fill(value ? ulong.MaxValue : 0);
        if (value && (_columns.Count & 63) != 0) mask[^1] = (1UL << (_columns.Count & 63)) - 1;
    }

    private void Combine(MaskStep step)
    {
        ref var a = ref _masks[step.A * _stride + Margin];
        ref var b = ref _masks[step.B * _stride + Margin];
        ref var target = ref _masks[step.Target * _stride + Margin];
        for (nuint i = 0; i < (nuint)_words; i += 8)
        {
            var x = Vector512.LoadUnsafe(ref a, i);
            var y = Vector512.LoadUnsafe(ref b, i);
            var made = step.Operation switch
            {
                MaskOperation.And => x & y,
                MaskOperation.Or => x | y,
                MaskOperation.AndNot => Vector512.AndNot(x, y),
                MaskOperation.Cross => x & Before(ref a, ref b, i, Vector512.AndNot(y, x)),
                _ => (Vector512.AndNot(y, x) & Earlier(ref b, i, y)) | (x & Earlier(ref a, i, x)),
            };
            made.StoreUnsafe(ref target, i);
        }
    }

    // Defined and not above at the bar before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Before(ref ulong above, ref ulong defined, nuint i, Vector512<ulong> now)
    {
        ref var wordBefore = ref Unsafe.Subtract(ref above, 1);
        ref var definedBefore = ref Unsafe.Subtract(ref defined, 1);
        var before = Vector512.AndNot(Vector512.LoadUnsafe(ref definedBefore, i), Vector512.LoadUnsafe(ref wordBefore, i));
        return now << 1 | before >>> 63;
    }

    // The same at the bar before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Earlier(ref ulong mask, nuint i, Vector512<ulong> now) =>
        now << 1 | Vector512.LoadUnsafe(ref Unsafe.Subtract(ref mask, 1), i) >>> 63;
}
