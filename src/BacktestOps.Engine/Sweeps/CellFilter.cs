using BacktestOps.Engine.Rules;
using BacktestOps.Engine.Rules.Language;

namespace BacktestOps.Engine.Sweeps;

/// <summary>A constraint, to be asked of many cells.</summary>
internal abstract class CellFilter
{
    /// <summary>True when the constraint holds in a cell.</summary>
    /// <param name="at">For each swept parameter the number of its value.</param>
    public abstract bool Passes(ReadOnlySpan<int> at);

    /// <summary>The swept parameters that it looks at, ascending.</summary>
    public abstract IReadOnlyList<int> Named { get; }

    /// <summary>What one look costs, in comparisons of two numbers.</summary>
    public abstract int Cost { get; }

    /// <summary>Prepares a constraint.</summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="names">The swept parameters.</param>
    /// <param name="values">The values of each.</param>
    /// <param name="others">The values of all other parameters.</param>
    /// <param name="count">How many constraints there are; what they remember is bounded for all of them together.</param>
    public static CellFilter Create(
        Constraint constraint, IReadOnlyList<string> names, IReadOnlyList<double[]> values, IReadOnlyDictionary<string, double> others, int count)
    {
        if (constraint.Condition is BinarySyntax { Operator: var sign } comparison && sign.IsComparison()
            && Side.Of(comparison.Left, names, values, others) is { } left && Side.Of(comparison.Right, names, values, others) is { } right)
            return new Comparison(left, sign, right);
        return new Tabled(constraint, names, values, others, Math.Min(Tabled.LargestTable, Tabled.LargestTables / count));
    }

    // A parameter or a number, whose order as doubles is that of the decimals they stand for.
    private readonly record struct Side(int Parameter, double[] Values)
    {
        public double Value(ReadOnlySpan<int> at) => Parameter < 0 ? Values[0] : Values[at[Parameter]];

        public static Side? Of(
            Syntax syntax, IReadOnlyList<string> names, IReadOnlyList<double[]> values, IReadOnlyDictionary<string, double> others)
        {
            switch (syntax)
            {
                case NumberSyntax number:
                    var exact = Rational.Parse(number.Text);
                    var nearest = exact?.ToDouble() ?? double.NaN;
                    return exact is not null && Rational.From(nearest) == exact ? new(-1, [nearest]) : null;
                case ParameterSyntax parameter:
                    for (var i = 0; i < names.Count; i++)
                    {
                        if (names[i].Equals(parameter.Name, StringComparison.OrdinalIgnoreCase)) return new(i, values[i]);
                    }
                    return new(-1, [others[parameter.Name]]);
                default:
                    return null;
            }
        }
    }

    private sealed class Comparison(Side left, RuleToken sign, Side right) : CellFilter
    {
        public override IReadOnlyList<int> Named { get; } =
            [.. new[] { left.Parameter, right.Parameter }.Where(parameter => parameter >= 0).Distinct().Order()];

        public override int Cost => 1;

        public override bool Passes(ReadOnlySpan<int> at)
        {
            var (a, b) = (left.Value(at), right.Value(at));
            return sign switch
            {
                RuleToken.Less => a < b,
                RuleToken.LessOrEqual => a <= b,
                RuleToken.Greater => a > b,
                RuleToken.GreaterOrEqual => a >= b,
                RuleToken.Equal => a == b,
                _ => a != b,
            };
        }
    }

    // Anything else is read once for each combination of the parameters that it names, and remembered while that is cheap.
    private sealed class Tabled : CellFilter
    {
        public const long LargestTable = 1 << 22, LargestTables = 1 << 24;
        private readonly Constraint _constraint;
        private readonly IReadOnlyList<string> _names;
        private readonly IReadOnlyList<double[]> _values;
        private readonly Dictionary<string, double> _current;
        private readonly int[] _named;
        private readonly byte[]? _known;

        public Tabled(
            Constraint constraint, IReadOnlyList<string> names, IReadOnlyList<double[]> values, IReadOnlyDictionary<string, double> others, long most)
        {
            (_constraint, _names, _values) = (constraint, names, values);
            _current = new(others, StringComparer.OrdinalIgnoreCase);
            var named = RuleReader.Parameters(constraint.Condition);
            _named = [.. Enumerable.Range(0, names.Count).Where(i => named.Contains(names[i]))];
            var cells = 1L;
            foreach (var i in _named) cells = Math.Min(most + 1, cells * values[i].Length);
            Cost = 1_000 * Parts(constraint.Condition);
            _known = cells <= most ? new byte[cells] : null;
        }

        public override IReadOnlyList<int> Named => _named;

        // Binding a constraint anew takes about as long as a thousand comparisons for each operator in it.
        public override int Cost { get; }

        public override bool Passes(ReadOnlySpan<int> at)
        {
            if (_known is null) return Read(at);
            var place = 0;
            foreach (var i in _named) place = place * _values[i].Length + at[i];
            if (_known[place] == 0) _known[place] = Read(at) ? (byte)2 : (byte)1;
            return _known[place] == 2;
        }

        private static int Parts(Syntax syntax) => 1 + syntax.Children.Sum(Parts);

        private bool Read(ReadOnlySpan<int> at)
        {
            foreach (var i in _named) _current[_names[i]] = _values[i][at[i]];
            return _constraint.Holds(_current);
        }
    }
}
