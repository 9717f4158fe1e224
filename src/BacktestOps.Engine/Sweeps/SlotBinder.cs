using BacktestOps.Engine.Rules.Evaluation;
using BacktestOps.Engine.Rules.Language;

namespace BacktestOps.Engine.Sweeps;

/// <summary>Binds parts of a rule once for every combination of the swept parameters that they name.</summary>
/// <param name="grid">The swept parameters.</param>
/// <param name="others">The values of all other parameters.</param>
/// <param name="most">The most combinations of one part.</param>
internal sealed class SlotBinder(SweepGrid grid, IReadOnlyDictionary<string, Rational> others, int most)
{
    private const int MostFaults = 10;

    private readonly Rational[][] _values = [.. grid.Values.Select(list => list.Select(value => Rational.From(value) ?? Rational.Zero).ToArray())];

    /// <summary>All nodes of all combinations.</summary>
    public RuleGraph Graph { get; } = new();

    /// <summary>What the values make wrong, with the values; the first fault of each combination.</summary>
    public List<RuleFault> Faults { get; } = [];

    /// <summary>True when a part has more combinations than may be bound beforehand.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Binds a series.</summary>
    public SweepSlot Series(Syntax syntax)
    {
        var nodes = ForEach(syntax, out var places, bound => bound.Number is { } number ? Graph.Constant(number) : bound.Series!);
        return new(places, nodes);
    }

    /// <summary>Binds the distance of a stop.</summary>
    /// <param name="syntax">Its text.</param>
    /// <param name="most">What a fraction must be below.</param>
    public SweptDistance Distance(Syntax syntax, double most)
    {
        var values = ForEach(syntax, out var places, bound => bound);
        foreach (var value in values)
        {
            if (value.Number is { } number && !(number.ToDouble() > 0 && number.ToDouble() < most) && Faults.Count < MostFaults)
                Faults.Add(new(syntax.Position, $"the distance of a stop is {number}", "a number is a fraction of the price, above 0 and below 1: 0.05 is 5 %"));
        }
        return new(places, [.. values.Select(value => value.Number?.ToDouble() ?? 0)], [.. values.Select(value => value.Series)]);
    }

    /// <summary>Reads a condition on numbers alone.</summary>
    public SweptNumber Test(Syntax syntax)
    {
        var values = ForEach(syntax, out var places, bound => bound.Condition!.Value);
        return new(places, values);
    }

    private T[] ForEach<T>(Syntax syntax, out SweptPlaces places, Func<BoundValue, T> take)
    {
        var named = RuleReader.Parameters(syntax);
        if (IsTooLarge || SweptPlaces.Of(grid, i => named.Contains(grid.Names[i]), most) is not { } found)
        {
            IsTooLarge = true;
            places = new SweptPlaces(new int[grid.Dimensions], 0);
            return [];
        }
        places = found;
        var parameters = new Dictionary<string, Rational>(others, StringComparer.OrdinalIgnoreCase);
        var answers = new T[places.Count];
        for (var place = 0; place < answers.Length; place++)
        {
            for (var i = 0; i < grid.Dimensions; i++)
            {
                if (places.Strides[i] > 0) parameters[grid.Names[i]] = _values[i][place / places.Strides[i] % _values[i].Length];
            }
            var faults = new List<RuleFault>();
            answers[place] = take(new RuleBinder(Graph, parameters, faults).Bind(syntax));
            if (faults.Count > 0 && Faults.Count < MostFaults) Faults.Add(faults[0]);
        }
        return answers;
    }
}
