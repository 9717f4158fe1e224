using BacktestOps.Engine.Rules.Language;

namespace BacktestOps.Engine.Rules.Evaluation;

/// <summary>Makes the nodes of bound rules, and makes each only once.</summary>
/// <remarks>
/// The key of a node is what it does, its inputs and its numbers. So <c>sma(close, $fast)</c> with fast = 10 and
/// <c>sma(close, 10)</c> are one node, in one rule, in entry and exit, and in all variants of a sweep that are bound into
/// the same graph; a <see cref="SeriesEvaluator"/> computes it once for a series. One thread at a time may add nodes.
/// </remarks>
internal sealed class RuleGraph
{
    private readonly Dictionary<SeriesKey, SeriesNode> _series = [];
    private readonly Dictionary<ConditionKey, ConditionNode> _conditions = [];

    /// <summary>How many series nodes there are; their ids are below it.</summary>
    public int SeriesCount => _series.Count;

    /// <summary>A column of the bars.</summary>
    public SeriesNode Price(PriceField field) => Series(new(SeriesOperation.Price, Field: field));

    /// <summary>One number at every bar.</summary>
    public SeriesNode Constant(Rational number) => Series(new(SeriesOperation.Constant, Number: number));

    /// <summary>The value some bars before, 0 or more.</summary>
    public SeriesNode Lag(SeriesNode x, int bars) => bars == 0 ? x
        : x.Operation == SeriesOperation.Lag ? Series(new(SeriesOperation.Lag, x.A, Bars: bars + x.Bars))
        : Series(new(SeriesOperation.Lag, x, Bars: bars));

    /// <summary>a + b.</summary>
    public SeriesNode Add(SeriesNode a, SeriesNode b) => Series(Ordered(SeriesOperation.Add, a, b));

    /// <summary>a − b.</summary>
    public SeriesNode Subtract(SeriesNode a, SeriesNode b) => Series(new(SeriesOperation.Subtract, a, b));

    /// <summary>a × b.</summary>
    public SeriesNode Multiply(SeriesNode a, SeriesNode b) =>
        a.Operation == SeriesOperation.Constant ? Scale(b, a.Number)
        : b.Operation == SeriesOperation.Constant ? Scale(a, b.Number)
        : Series(Ordered(SeriesOperation.Multiply, a, b));

    /// <summary>a / b, undefined where b is 0.</summary>
    public SeriesNode Divide(SeriesNode a, SeriesNode b) =>
        b.Operation == SeriesOperation.Constant && !b.Number.IsZero ? Scale(a, b.Number.Invert()) : Series(new(SeriesOperation.Divide, a, b));

    /// <summary>x × factor.</summary>
    public SeriesNode Scale(SeriesNode x, Rational factor) =>
        factor == Rational.One ? x : Series(new(SeriesOperation.Scale, x, Number: factor));

    /// <summary>|x|.</summary>
    public SeriesNode Absolute(SeriesNode x) => x.IsNonNegative ? x : Series(new(SeriesOperation.Absolute, x));

    /// <summary>The smaller one.</summary>
    public SeriesNode Minimum(SeriesNode a, SeriesNode b) => Series(Ordered(SeriesOperation.Minimum, a, b));

    /// <summary>The larger one.</summary>
    public SeriesNode Maximum(SeriesNode a, SeriesNode b) => Series(Ordered(SeriesOperation.Maximum, a, b));

    /// <summary>An operation over a window of 1 bar or more.</summary>
    public SeriesNode Window(SeriesOperation operation, SeriesNode x, int bars) =>
        bars == 1 && operation is not SeriesOperation.Deviation ? x : Series(new(operation, x, Bars: bars));

    /// <summary>The sum from the first bar on.</summary>
    public SeriesNode RunningSum(SeriesNode x) => Series(new(SeriesOperation.RunningSum, x));

    /// <summary>a where the condition holds, b where it fails.</summary>
    public SeriesNode Choose(ConditionNode condition, SeriesNode a, SeriesNode b) =>
        Series(new(SeriesOperation.Choose, a, b, condition));

    /// <summary>a where it is defined, else b.</summary>
    public SeriesNode OrElse(SeriesNode a, SeriesNode b) => Series(new(SeriesOperation.OrElse, a, b));

    /// <summary>True or false at every bar.</summary>
    public ConditionNode Constant(bool value) => Condition(new(ConditionOperation.Constant, Value: value));

    /// <summary>A comparison of two series, or their crossing.</summary>
    public ConditionNode Compare(ConditionOperation operation, SeriesNode x, SeriesNode y) =>
        operation == ConditionOperation.Equal && x.Id > y.Id ? Condition(new(operation, y, x)) : Condition(new(operation, x, y));

    /// <summary>a and b.</summary>
    public ConditionNode And(ConditionNode a, ConditionNode b) =>
        a == b || b.Operation == ConditionOperation.Constant ? (a == b || b.Value ? a : b)
        : a.Operation == ConditionOperation.Constant ? And(b, a)
        : Condition(Ordered(ConditionOperation.And, a, b));

    /// <summary>a or b.</summary>
    public ConditionNode Or(ConditionNode a, ConditionNode b) =>
        a == b || b.Operation == ConditionOperation.Constant ? (a != b && b.Value ? b : a)
        : a.Operation == ConditionOperation.Constant ? Or(b, a)
        : Condition(Ordered(ConditionOperation.Or, a, b));

    /// <summary>not a.</summary>
    public ConditionNode Not(ConditionNode a) =>
        a.Operation == ConditionOperation.Not ? a.A!
        : a.Operation == ConditionOperation.Constant ? Constant(!a.Value)
        : Condition(new(ConditionOperation.Not, A: a));

    private static SeriesKey Ordered(SeriesOperation operation, SeriesNode a, SeriesNode b) =>
        a.Id <= b.Id ? new(operation, a, b) : new(operation, b, a);

    private static ConditionKey Ordered(ConditionOperation operation, ConditionNode a, ConditionNode b) =>
        a.Id <= b.Id ? new(operation, A: a, B: b) : new(operation, A: b, B: a);

    private SeriesNode Series(SeriesKey key)
    {
        if (_series.TryGetValue(key, out var node)) return node;
        node = new SeriesNode
        {
            Id = _series.Count,
            Operation = key.Operation,
            A = key.A,
            B = key.B,
            Condition = key.Condition,
            Bars = key.Bars,
            Number = key.Number,
            Field = key.Field,
            Warmup = NodeTraits.Warmup(key),
            Fields = NodeTraits.Fields(key),
            IsNonNegative = NodeTraits.IsNonNegative(key),
            Exact = NodeTraits.Exact(key),
        };
        _series.Add(key, node);
        return node;
    }

    private ConditionNode Condition(ConditionKey key)
    {
        if (_conditions.TryGetValue(key, out var node)) return node;
        node = new ConditionNode
        {
            Id = _conditions.Count,
            Operation = key.Operation,
            X = key.X,
            Y = key.Y,
            A = key.A,
            B = key.B,
            Value = key.Value,
            Warmup = NodeTraits.Warmup(key),
            Fields = NodeTraits.Fields(key),
        };
        _conditions.Add(key, node);
        return node;
    }
}

/// <summary>What a series node is known by.</summary>
internal readonly record struct SeriesKey(
    SeriesOperation Operation, SeriesNode? A = null, SeriesNode? B = null, ConditionNode? Condition = null,
    int Bars = 0, Rational Number = default, PriceField Field = default);

/// <summary>What a condition node is known by.</summary>
internal readonly record struct ConditionKey(
    ConditionOperation Operation, SeriesNode? X = null, SeriesNode? Y = null, ConditionNode? A = null, ConditionNode? B = null, bool Value = false);
