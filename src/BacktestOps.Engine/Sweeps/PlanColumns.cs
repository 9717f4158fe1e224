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
