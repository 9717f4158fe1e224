using BacktestOps.Engine.Rules.Evaluation;
using BacktestOps.Engine.Rules.Language;

namespace BacktestOps.Engine.Sweeps;

/// <summary>What a step of a <see cref="MaskPlan"/> does with masks: bit t % 64 of word t / 64 belongs to bar t.</summary>
internal enum MaskOperation
{
    /// <summary>Compares the two series of a pair: where the first is above, where it is below, where both are defined.</summary>
    Compare,

    /// <summary>a and b.</summary>
    And,

    /// <summary>a or b.</summary>
    Or,

    /// <summary>a and not b.</summary>
    AndNot,

    /// <summary>a is above (defined: b) at this bar, and was defined and not above at the bar before.</summary>
    Cross,

    /// <summary>Where <see cref="Cross"/> is false, not undefined.</summary>
    CrossFails,

    /// <summary>All bars, or none, as a test of numbers says.</summary>
    Test,
}

/// <summary>One step.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Target">The mask it makes; of a comparison the first of three: above, below, defined.</param>
/// <param name="A">First input; of a comparison the pair, of a test its number.</param>
/// <param name="B">Second input.</param>
internal readonly record struct MaskStep(MaskOperation Operation, int Target, int A, int B);

/// <summary>Rules as steps on bit masks, the same for all variants; a variant decides only which columns are compared.</summary>
/// <remarks>
/// Equal series are one slot, and comparing the same two series, in whatever order and rule, is one step. A condition's
/// undefined bars (Kleene's logic) are carried only where a <c>not</c> needs them.
/// </remarks>
internal sealed class MaskPlan
{
    private readonly SweepGrid _grid;
    private readonly Func<Syntax, SweptNumber> _test;
    private readonly Dictionary<string, int> _slotKeys = [];
    private readonly Dictionary<(int, int), int> _pairKeys = [];
    private readonly Dictionary<(string, bool), int> _made = [];
    private readonly List<SweepSlot> _slots = [];
    private readonly List<(int X, int Y)> _pairs = [];
    private readonly List<int> _compared = [];
    private readonly List<SweptNumber> _tests = [];
    private readonly List<MaskStep> _steps = [];
    private readonly Func<Syntax, SweepSlot> _bind;
    private int _masks;

    /// <summary>Compiles rules.</summary>
    /// <param name="entry">The entry rule.</param>
    /// <param name="exit">The exit rule.</param>
    /// <param name="grid">The swept parameters.</param>
    /// <param name="bind">Binds a series for every combination of the swept parameters that it names.</param>
    /// <param name="test">Reads a condition on numbers alone, likewise.</param>
    public MaskPlan(Syntax entry, Syntax exit, SweepGrid grid, Func<Syntax, SweepSlot> bind, Func<Syntax, SweptNumber> test)
    {
        (_grid, _bind, _test) = (grid, bind, test);
        Entry = Condition(entry, holds: true);
        Exit = Condition(exit, holds: true);
    }

    /// <summary>The mask of the entry rule.</summary>
    public int Entry { get; }

    /// <summary>The mask of the exit rule.</summary>
    public int Exit { get; }

    /// <summary>How many masks there are.</summary>
    public int Masks => _masks;

    /// <summary>The series that are compared.</summary>
    public IReadOnlyList<SweepSlot> Slots => _slots;

    /// <summary>Which slots are compared with each other.</summary>
    public IReadOnlyList<(int X, int Y)> Pairs => _pairs;

    /// <summary>The comparisons of a pair, a number for each that differs; null where that is most of the grid, so that few would be met again.</summary>
    /// <param name="pair">Its number.</param>
    /// <param name="most">The most comparisons.</param>
    public SweptPlaces? PlacesOf(int pair, long most)
    {
        var (x, y) = (_slots[_pairs[pair].X].Places, _slots[_pairs[pair].Y].Places);
        return SweptPlaces.Of(_grid, i => x.Strides[i] + y.Strides[i] > 0, Math.Min(most, _grid.Cells / 2));
    }

    /// <summary>Conditions on numbers alone.</summary>
    public IReadOnlyList<SweptNumber> Tests => _tests;

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<MaskStep> Steps => _steps;

    // The mask of the bars at which a condition holds, or of those at which it fails.
    private int Condition(Syntax syntax, bool holds)
    {
        if (syntax is UnarySyntax { Operator: RuleToken.Not } not) return Condition(not.Operand, !holds);
        var key = (SyntaxKey.Of(syntax), holds);
        if (_made.TryGetValue(key, out var mask)) return mask;
        mask = syntax switch
        {
            NameSyntax name => Constant(name, holds),
            BinarySyntax { Operator: RuleToken.And or RuleToken.Or } both =>
                Step(both.Operator == RuleToken.And == holds ? MaskOperation.And : MaskOperation.Or, Condition(both.Left, holds), Condition(both.Right, holds)),
            BinarySyntax binary when TypeChecker.IsNumber(binary.Left) && TypeChecker.IsNumber(binary.Right) => Test(_test(binary), holds),
            BinarySyntax binary => Comparison(binary, holds),
            CallSyntax call => Crossing(call, holds),
            _ => throw new InvalidOperationException($"There is no mask of {syntax.GetType().Name}."),
        };
        _made.Add(key, mask);
        return mask;
    }

    private int Constant(NameSyntax name, bool holds) =>
        Test(new SweptNumber(new SweptPlaces(new int[_grid.Dimensions], 1), [name.Name.Equals("true", StringComparison.OrdinalIgnoreCase)]), holds);

    private int Test(SweptNumber test, bool holds)
    {
        _tests.Add(holds ? test : test.Negate());
        return Step(MaskOperation.Test, _tests.Count - 1, 0);
    }

    private int Comparison(BinarySyntax binary, bool holds)
    {
        var (above, below, defined) = Compare(binary.Left, binary.Right);
        return (binary.Operator, holds) switch
        {
            (RuleToken.Less, true) or (RuleToken.GreaterOrEqual, false) => below,
            (RuleToken.Greater, true) or (RuleToken.LessOrEqual, false) => above,
            (RuleToken.LessOrEqual, true) or (RuleToken.Greater, false) => Step(MaskOperation.AndNot, defined, above),
            (RuleToken.GreaterOrEqual, true) or (RuleToken.Less, false) => Step(MaskOperation.AndNot, defined, below),
            (RuleToken.Equal, true) or (RuleToken.NotEqual, false) => Step(MaskOperation.AndNot, defined, Step(MaskOperation.Or, above, below)),
            _ => Step(MaskOperation.Or, above, below),
        };
    }

    private int Crossing(CallSyntax call, bool holds)
    {
        var (above, below, defined) = Compare(call.Arguments[0], call.Arguments[1]);
        if (call.Name.Equals("crossunder", StringComparison.OrdinalIgnoreCase)) above = below;
        return Step(holds ? MaskOperation.Cross : MaskOperation.CrossFails, above, defined);
    }

    private (int Above, int Below, int Defined) Compare(Syntax left, Syntax right)
    {
        var (x, y) = (Slot(left), Slot(right));
        var turned = x > y;
        if (turned) (x, y) = (y, x);
        if (!_pairKeys.TryGetValue((x, y), out var pair))
        {
            pair = _pairs.Count;
            _pairs.Add((x, y));
            _pairKeys.Add((x, y), pair);
            _compared.Add(_masks);
            _steps.Add(new(MaskOperation.Compare, _masks, pair, 0));
            _masks += 3;
        }
        var first = _compared[pair];
        return turned ? (first + 1, first, first + 2) : (first, first + 1, first + 2);
    }

    private int Slot(Syntax syntax)
    {
        var key = SyntaxKey.Of(syntax);
        if (_slotKeys.TryGetValue(key, out var slot)) return slot;
        slot = _slots.Count;
        _slots.Add(_bind(syntax));
        _slotKeys.Add(key, slot);
        return slot;
    }

    private int Step(MaskOperation operation, int a, int b)
    {
        _steps.Add(new(operation, _masks, a, b));
        return _masks++;
    }
}

/// <summary>A series of a rule for every combination of the swept parameters that it names.</summary>
/// <param name="Places">The combinations.</param>
/// <param name="Nodes">The series by the number of the combination.</param>
internal sealed record SweepSlot(SweptPlaces Places, SeriesNode[] Nodes);

/// <summary>A condition on numbers alone, for every combination of the swept parameters that it names.</summary>
/// <param name="Places">The combinations.</param>
/// <param name="Values">Whether it holds, by the number of the combination.</param>
internal sealed record SweptNumber(SweptPlaces Places, bool[] Values)
{
    /// <summary>Whether it holds in a cell.</summary>
    public bool Holds(ReadOnlySpan<int> at) => Values[Places.Of(at)];

    /// <summary>The opposite.</summary>
    public SweptNumber Negate() => this with { Values = [.. Values.Select(value => !value)] };
}
