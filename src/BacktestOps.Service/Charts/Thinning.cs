namespace BacktestOps.Service.Charts;

/// <summary>Fewer points than bars, without losing a peak or a trough.</summary>
internal static class Thinning
{
    /// <summary>Of each column of pixels the lowest and the highest value, beside the first and the last.</summary>
    /// <param name="values">The values, one a bar.</param>
    /// <param name="columns">How many columns of pixels there are.</param>
    /// <param name="always">Bars that are kept in any case.</param>
    /// <returns>The kept bars, ascending: all where there is room for all, else at most 2 × columns + 2 and those always kept.</returns>
    public static int[] Keep(IReadOnlyList<double> values, int columns, IEnumerable<int>? always = null)
    {
        if (values.Count <= 2 * columns)
            return [.. Enumerable.Range(0, values.Count)];
        var kept = new SortedSet<int>(always ?? []) { 0, values.Count - 1 };
        for (var column = 0; column < columns; column++)
        {
            var from = (int)((long)column * values.Count / columns);
            var to = (int)((long)(column + 1) * values.Count / columns);
            var (lowest, highest) = (from, from);
            for (var bar = from + 1; bar < to; bar++)
            {
                if (values[bar] < values[lowest])
                    lowest = bar;
                if (values[bar] > values[highest])
                    highest = bar;
            }
            kept.Add(lowest);
            kept.Add(highest);
        }
        return [.. kept];
    }
}
