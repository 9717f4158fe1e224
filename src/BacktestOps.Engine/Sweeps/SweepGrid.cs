namespace BacktestOps.Engine.Sweeps;

/// <summary>All combinations of the values of the swept parameters, numbered from 0: cells. Those that the filters let through are variants.</summary>
/// <remarks>Parameters stand in alphabetical order; the last one varies fastest.</remarks>
internal sealed class SweepGrid
{
    private readonly CellFilter[] _filters;

    /// <summary>Lays out the grid.</summary>
    /// <param name="names">The swept parameters, in alphabetical order.</param>
    /// <param name="values">The values of each.</param>
    /// <param name="filters">What a cell must pass to be a variant.</param>
    public SweepGrid(IReadOnlyList<string> names, IReadOnlyList<double[]> values, IEnumerable<CellFilter> filters)
    {
        (Names, Values, _filters) = (names, values, [.. filters]);
        var cells = 1L;
        foreach (var list in values) cells = checked(cells * list.Length);
        Cells = cells;
    }

    /// <summary>The swept parameters.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The values of each.</summary>
    public IReadOnlyList<double[]> Values { get; }

    /// <summary>How many cells.</summary>
    public long Cells { get; }

    /// <summary>How many parameters.</summary>
    public int Dimensions => Names.Count;

    /// <summary>Where a cell lies: for each parameter the number of its value.</summary>
    public void Locate(long cell, Span<int> at)
    {
        for (var i = Dimensions - 1; i >= 0; i--) (cell, at[i]) = (cell / Values[i].Length, (int)(cell % Values[i].Length));
    }

    /// <summary>Moves to the next cell.</summary>
    public void Advance(Span<int> at)
    {
        for (var i = Dimensions - 1; i >= 0; i--)
        {
            if (++at[i] < Values[i].Length) return;
            at[i] = 0;
        }
    }

    /// <summary>True when all filters let a cell through.</summary>
    public bool IsVariant(ReadOnlySpan<int> at)
    {
        foreach (var filter in _filters)
        {
            if (!filter.Passes(at)) return false;
        }
        return true;
    }

    /// <summary>How many cells are variants.</summary>
    public long CountVariants(CancellationToken cancellationToken = default)
    {
        if (_filters.Length == 0) return Cells;
        var count = 0L;
        Span<int> at = stackalloc int[Dimensions];
        for (var cell = 0L; cell < Cells; cell++)
        {
            if ((cell & 0xFFFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            if (IsVariant(at)) count++;
            Advance(at);
        }
        return count;
    }

    /// <summary>The first variant; null where there is none.</summary>
    /// <exception cref="SearchBudgetException">It was not decided in <see cref="VariantSearch.MaxSteps"/>.</exception>
    public int[]? FirstVariant(CancellationToken cancellationToken = default) => new VariantSearch(Values, _filters, cancellationToken).First();

    /// <summary>The values of a cell, by name.</summary>
    public SortedDictionary<string, double> ValuesOf(long cell)
    {
        Span<int> at = stackalloc int[Dimensions];
        Locate(cell, at);
        return ValuesAt(at);
    }

    /// <summary>The values at a place, by name.</summary>
    public SortedDictionary<string, double> ValuesAt(ReadOnlySpan<int> at)
    {
        var values = new SortedDictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Dimensions; i++) values[Names[i]] = Values[i][at[i]];
        return values;
    }
}
