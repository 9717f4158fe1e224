namespace BacktestOps.Engine.Sweeps;

/// <summary>The search for a variant was given up: it took more steps than a request may.</summary>
internal sealed class SearchBudgetException() : Exception("The search for a variant took too many steps.");

/// <summary>Finds the first variant of a grid without walking through all of its cells.</summary>
/// <remarks>
/// Parameters that no constraint ties together are searched by themselves; a value that no value of its partner goes with is
/// left out before; a choice is judged as soon as all that a constraint names is chosen. Steps are counted, not time: the same
/// request ends the same way on any machine.
/// </remarks>
internal sealed class VariantSearch
{
    /// <summary>The most steps, in comparisons of two numbers: a fraction of a second.</summary>
    public const long MaxSteps = 100_000_000;

    private const int StepsBetweenLooks = 10_000;

    private readonly IReadOnlyList<double[]> _values;
    private readonly CellFilter[] _filters;
    private readonly bool[][] _open;
    private readonly int[] _at;
    private readonly CancellationToken _cancellationToken;
    private long _lookAt;

    /// <summary>Prepares a search.</summary>
    /// <param name="values">The values of each parameter.</param>
    /// <param name="filters">What a variant must pass.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public VariantSearch(IReadOnlyList<double[]> values, CellFilter[] filters, CancellationToken cancellationToken = default)
    {
        _cancellationToken = cancellationToken;
        (_values, _filters, _at) = (values, filters, new int[values.Count]);
        _open = new bool[values.Count][];
        for (var i = 0; i < _open.Length; i++)
        {
            _open[i] = new bool[values[i].Length];
            Array.Fill(_open[i], true);
        }
    }

    /// <summary>Steps so far.</summary>
    public long Steps { get; private set; }

    /// <summary>The first variant in the order of the grid; null where there is none.</summary>
    /// <exception cref="SearchBudgetException">It took more than <see cref="MaxSteps"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public int[]? First()
    {
        if (_filters.Length == 0) return _at;
        foreach (var filter in _filters)
        {
            if (filter.Named.Count == 0 && !Passes(filter)) return null;
        }
        if (!Prune()) return null;
        // Groups share no constraint, so that the first of each make the first of all.
        foreach (var group in Groups())
        {
            if (!Choose(group, 0, Judges(group))) return null;
        }
        return _at;
    }

    // Leaves out each value that a constraint of one or two parameters lets through with no value of the other, until none is left out.
    private bool Prune()
    {
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var filter in _filters)
            {
                if (filter.Named.Count is not (1 or 2)) continue;
                foreach (var parameter in filter.Named)
                {
                    var partner = filter.Named.Count == 1 ? parameter : filter.Named[0] + filter.Named[1] - parameter;
                    for (var value = 0; value < _open[parameter].Length; value++)
                    {
                        if (!_open[parameter][value] || HasPartner(filter, parameter, value, partner)) continue;
                        _open[parameter][value] = false;
                        changed = true;
                    }
                    if (!_open[parameter].AsSpan().Contains(true)) return false;
                }
            }
        }
        Array.Clear(_at);
        return true;
    }

    private bool HasPartner(CellFilter filter, int parameter, int value, int partner)
    {
        _at[parameter] = value;
        if (partner == parameter) return Passes(filter);
        for (var other = 0; other < _open[partner].Length; other++)
        {
            _at[partner] = other;
            if (_open[partner][other] && Passes(filter)) return true;
        }
        return false;
    }

    private IEnumerable<int[]> Groups()
    {
        var group = Enumerable.Range(0, _values.Count).ToArray();
        foreach (var filter in _filters)
        {
            foreach (var parameter in filter.Named)
            {
                var (from, to) = (group[parameter], group[filter.Named[0]]);
                for (var i = 0; i < group.Length; i++) group[i] = group[i] == from ? to : group[i];
            }
        }
        return [.. Enumerable.Range(0, group.Length).GroupBy(parameter => group[parameter]).Select(members => members.ToArray())];
    }

    // For each parameter of a group the constraints that can be asked once it is chosen.
    private CellFilter[][] Judges(int[] group) =>
        [.. group.Select(parameter => _filters.Where(filter => filter.Named.Count > 0 && filter.Named[^1] == parameter).ToArray())];

    private bool Choose(int[] group, int depth, CellFilter[][] judges)
    {
        if (depth == group.Length) return true;
        var parameter = group[depth];
        for (var value = 0; value < _open[parameter].Length; value++)
        {
            Count(1);
            if (!_open[parameter][value]) continue;
            _at[parameter] = value;
            if (Array.TrueForAll(judges[depth], Passes) && Choose(group, depth + 1, judges)) return true;
        }
        return false;
    }

    private bool Passes(CellFilter filter)
    {
        Count(filter.Cost);
        return filter.Passes(_at);
    }

    private void Count(int steps)
    {
        if ((Steps += steps) < _lookAt) return;
        _cancellationToken.ThrowIfCancellationRequested();
        if (Steps > MaxSteps) throw new SearchBudgetException();
        _lookAt = Math.Min(Steps + StepsBetweenLooks, MaxSteps + 1);
    }
}
