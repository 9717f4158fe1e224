using BacktestOps.Engine.Bars;

namespace BacktestOps.Engine.Simulation;

/// <summary>The equity of all sleeves together, at every date on which any of them has a bar.</summary>
/// <param name="Dates">The union of the dates, ascending.</param>
/// <param name="Equity">Equity at each of them.</param>
internal sealed record PortfolioCurve(DateTime[] Dates, double[] Equity)
{
    /// <summary>Adds the sleeves up.</summary>
    /// <remarks>
    /// A sleeve without a bar on a date keeps its last mark; before its first bar it is cash. Equity is the initial cash plus
    /// each sleeve's gain, so that it starts at the initial cash exactly, whatever a division of it into shares rounds to.
    /// </remarks>
    /// <param name="sleeves">The sleeves, in an order that does not depend on the request's.</param>
    /// <param name="initialCash">Cash of all sleeves, and what lies idle beside them.</param>
    public static PortfolioCurve Combine(IReadOnlyList<Sleeve> sleeves, double initialCash)
    {
        if (sleeves.Count == 1 && sleeves[0].InitialCash == initialCash)
            return new PortfolioCurve(sleeves[0].UnionOfDates ?? sleeves[0].Dates.ToArray(), sleeves[0].Equity);

        var dates = UnionOfDates([.. sleeves.SelectMany(sleeve => sleeve.Bars)]);
        var equity = new double[dates.Length];
        Array.Fill(equity, initialCash);
        foreach (var sleeve in sleeves) AddGain(dates, equity, sleeve);
        return new PortfolioCurve(dates, equity);
    }

    private static void AddGain(DateTime[] dates, double[] equity, Sleeve sleeve)
    {
        var sleeveDates = sleeve.Dates;
        var (next, gain) = (0, 0.0);
        for (var t = 0; t < dates.Length; t++)
        {
            if (next < sleeveDates.Length && sleeveDates[next] == dates[t])
                gain = sleeve.Equity[next++] - sleeve.InitialCash;
            equity[t] += gain;
        }
    }

    /// <summary>Every date on which any of some series has a bar, ascending.</summary>
    public static DateTime[] UnionOfDates(IReadOnlyList<BarSeries> bars)
    {
        var union = bars[0].Dates;
        for (var i = 1; i < bars.Count; i++)
        {
            if (!bars[i].HasDates(union)) union = Merge(union, bars[i].Dates);
        }
        return union.ToArray();
    }

    private static DateTime[] Merge(ReadOnlySpan<DateTime> a, ReadOnlySpan<DateTime> b)
    {
        var merged = new List<DateTime>(Math.Max(a.Length, b.Length));
        var (i, j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            var takeA = j == b.Length || (i < a.Length && a[i] <= b[j]);
            var date = takeA ? a[i] : b[j];
            if (i < a.Length && a[i] == date) i++;
            if (j < b.Length && b[j] == date) j++;
            merged.Add(date);
        }
        return [.. merged];
    }
}
