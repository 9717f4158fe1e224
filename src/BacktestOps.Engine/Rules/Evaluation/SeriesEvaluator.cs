using BacktestOps.Engine.Bars;
using BacktestOps.Engine.Indicators;

namespace BacktestOps.Engine.Rules.Evaluation;

/// <summary>Computes the nodes of a graph over one series of bars, each once.</summary>
/// <remarks>
/// What was computed is kept as long as the evaluator, so rules that are bound into one graph share their averages. Not for
/// several threads at once. The element of bar t of every answer rests on bars up to t alone.
/// </remarks>
internal sealed class SeriesEvaluator
{
    private readonly BarSeries _bars;
    private readonly Dictionary<SeriesNode, Column> _columns = [];
    private readonly Dictionary<(SeriesNode, SeriesNode), Ordering> _orderings = [];
    private readonly Dictionary<ConditionNode, ConditionColumn> _conditions = [];
    private readonly ExactSums?[] _ticks = new ExactSums?[Enum.GetValues<PriceField>().Length];
    private readonly ExactColumns _exact;

    private readonly ColumnPool? _pool;
    private readonly List<double[]> _rented = [];
    private readonly List<long[]> _rentedTicks = [];
    private readonly List<ulong[]> _rentedMasks = [];

    /// <summary>Prepares the evaluation.</summary>
    /// <param name="bars">The bars. Of the columns that are read, every number must be from 0 to below <see cref="ExactSums.MaxPrice"/>.</param>
    /// <param name="pool">Where columns come from, and go back to with <see cref="ReturnColumns"/>; null for fresh ones.</param>
    public SeriesEvaluator(BarSeries bars, ColumnPool? pool = null)
    {
        (_bars, _pool) = (bars, pool);
        _exact = new ExactColumns(Ticks, Condition, Column);
    }

    /// <summary>How many bars.</summary>
    public int Count => _bars.Count;

    /// <summary>How many series were computed so far.</summary>
    public int ColumnsComputed => _columns.Count;

    /// <summary>Gives the columns back to the pool. Nothing that was computed may be read after.</summary>
    public void ReturnColumns()
    {
        foreach (var numbers in _rented) _pool!.Return(numbers);
        foreach (var ticks in _rentedTicks) _pool!.Return(ticks);
        foreach (var mask in _rentedMasks) _pool!.Return(mask);
        _rented.Clear();
        _rentedMasks.Clear();
        _rentedTicks.Clear();
    }

    /// <summary>The numbers of a series.</summary>
    public Column Column(SeriesNode node)
    {
        if (_columns.TryGetValue(node, out var column)) return column;
        column = Compute(node);
        _columns.Add(node, column);
        return column;
    }

    /// <summary>Where a condition is true and where it is false.</summary>
    public ConditionColumn Condition(ConditionNode node)
    {
        if (_conditions.TryGetValue(node, out var column)) return column;
        column = node.Operation switch
        {
            ConditionOperation.Constant => ConditionColumn.Constant(node.Value, Count),
            ConditionOperation.Less => Compare(node.X!, node.Y!).IsLess(),
            ConditionOperation.LessOrEqual => Compare(node.X!, node.Y!).IsLessOrEqual(),
            ConditionOperation.Equal => Compare(node.X!, node.Y!).IsEqual(),
            ConditionOperation.CrossOver => Compare(node.X!, node.Y!).CrossesOver(RentMask(), RentMask()),
            ConditionOperation.And => ConditionColumn.And(Condition(node.A!), Condition(node.B!)),
            ConditionOperation.Or => ConditionColumn.Or(Condition(node.A!), Condition(node.B!)),
            ConditionOperation.Not => Condition(node.A!).Not(),
            _ => throw new InvalidOperationException($"There is no reading of {node.Operation}."),
        };
        _conditions.Add(node, column);
        return column;
    }

    /// <summary>How two series compare at every bar.</summary>
    public Ordering Compare(SeriesNode x, SeriesNode y)
    {
        // Entry and exit look at the same two averages from both sides: compared once.
        if (x.Id > y.Id) return Compare(y, x).Reverse();
        if (_orderings.TryGetValue((x, y), out var ordering)) return ordering;
        ordering = new(RentMask(), RentMask(), RentMask(), Count);
        if (!TryCompareMeans(x, y, ordering)) Comparison.Compare(Column(x), Column(y), _exact.Comparer(x, y), ordering);
        _orderings.Add((x, y), ordering);
        return ordering;
    }

    // Two averages of one price, the usual case, need no columns: whole numbers compare them, many bars at a time.
    private bool TryCompareMeans(SeriesNode x, SeriesNode y, Ordering answer) =>
        ExactColumns.TryMean(x, out var field, out var barsX) && ExactColumns.TryMean(y, out var fieldY, out var barsY) && field == fieldY
        && Ticks(field).TryCompareMeans(barsX, barsY, answer.Less, answer.Equal, answer.Greater);

    /// <summary>How two series compare at 64 bars, as <see cref="Compare"/> has it.</summary>
    /// <param name="x">The first series.</param>
    /// <param name="y">The second series.</param>
    /// <param name="word">The number of the word: bars 64·word on.</param>
    public (ulong Less, ulong Equal, ulong Greater) CompareWord(SeriesNode x, SeriesNode y, int word) =>
        Comparison.CompareWord(Column(x), Column(y), word, _exact.Comparer(x, y));

    private ReadOnlySpan<double> Prices(PriceField field) => field switch
    {
        PriceField.Open => _bars.Open,
        PriceField.High => _bars.High,
        PriceField.Low => _bars.Low,
        PriceField.Close => _bars.Close,
        _ => _bars.Volume,
    };

    /// <summary>The running sums of a column of the bars.</summary>
    public ExactSums Ticks(PriceField field) => _ticks[(int)field] ??= new ExactSums(Prices(field), ExactForm.TicksPerUnit(field), RentTicks());

    private double[] Rent()
    {
        if (_pool is null) return GC.AllocateUninitializedArray<double>(Count);
        var numbers = _pool.RentNumbers(Count);
        _rented.Add(numbers);
        return numbers;
    }

    private ulong[] RentMask()
    {
        var words = ConditionColumn.Words(Count);
        if (_pool is null) return new ulong[words];
        var mask = _pool.RentMask(words);
        _rentedMasks.Add(mask);
        return mask;
    }

    private long[]? RentTicks()
    {
        if (_pool is null) return null;
        var ticks = _pool.RentTicks(Count + 1);
        _rentedTicks.Add(ticks);
        return ticks;
    }

    private Column Compute(SeriesNode node)
    {
        switch (node.Operation)
        {
            case SeriesOperation.Price:
                return new(Prices(node.Field).ToArray(), new(ColumnArithmetic.PriceDoubt));
            case SeriesOperation.Constant:
                var constant = new double[Count];
                Array.Fill(constant, node.Number.ToDouble());
                return new(constant, new(2 * Precision.Rounding));
            case SeriesOperation.Sum when node.A!.Operation == SeriesOperation.Price:
                return ColumnWindows.PriceSum(Ticks(node.A.Field), node.Bars, Rent());
        }

        var a = Column(node.A!);
        return node.Operation switch
        {
            SeriesOperation.Lag => ColumnArithmetic.Lag(a, node.Bars),
            SeriesOperation.Scale => ColumnArithmetic.Scale(a, node.Number, Rent()),
            SeriesOperation.Absolute => ColumnArithmetic.Absolute(a),
            SeriesOperation.Add => ColumnArithmetic.Add(a, Column(node.B!), node.A!.IsNonNegative && node.B!.IsNonNegative),
            SeriesOperation.Subtract => ColumnArithmetic.Subtract(a, Column(node.B!)),
            SeriesOperation.Multiply => ColumnArithmetic.Multiply(a, Column(node.B!)),
            SeriesOperation.Divide => ColumnArithmetic.Divide(a, Column(node.B!)),
            SeriesOperation.Minimum => ColumnArithmetic.Extreme<MinimumOperation>(a, Column(node.B!)),
            SeriesOperation.Maximum => ColumnArithmetic.Extreme<MaximumOperation>(a, Column(node.B!)),
            SeriesOperation.Choose => ColumnArithmetic.Choose(Condition(node.Condition!), a, Column(node.B!)),
            SeriesOperation.OrElse => ColumnArithmetic.OrElse(a, Column(node.B!)),
            SeriesOperation.RunningSum => ColumnWindows.RunningSum(a),
            SeriesOperation.Ema => ColumnWindows.Ema(a, node.Bars),
            SeriesOperation.Wilder => ColumnWindows.Wilder(a, node.Bars),
            SeriesOperation.Sum => ColumnWindows.Sum(a, node.Bars),
            SeriesOperation.WeightedSum => ColumnWindows.WeightedSum(a, node.Bars),
            SeriesOperation.Highest => ColumnWindows.Extreme<HighestOperation>(a, node.Bars),
            SeriesOperation.Lowest => ColumnWindows.Extreme<LowestOperation>(a, node.Bars),
            SeriesOperation.Deviation => ColumnWindows.Deviation(a, node.Bars),
            _ => throw new InvalidOperationException($"There is no reading of {node.Operation}."),
        };
    }
}
