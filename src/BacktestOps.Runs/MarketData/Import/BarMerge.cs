using BacktestOps.Contracts;
using static System.FormattableString;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>The bars of a symbol from all its files: in order, each once, checked.</summary>
internal static class BarMerge
{
    /// <summary>The bars, oldest first.</summary>
    /// <param name="tables">The tables of one symbol, in the order in which they came.</param>
    /// <param name="notes">Takes what was done that the user should know.</param>
    /// <exception cref="MarketDataException">A bar can't be, or two say different things of one time.</exception>
    public static List<ImportedBar> Merge(IReadOnlyList<BarTable> tables, List<string> notes)
    {
        CheckLengths(tables);
        var bars = tables.SelectMany(table => table.Rows).ToList();
        if (bars.Count == 0) throw new MarketDataException(tables[0].Source, null, "there is no bar in it.");
        foreach (var bar in bars) Check(bar);
        Say(tables, notes);
        var ordered = bars.OrderBy(bar => bar.Date).ToList();
        return Once(ordered, notes);
    }

    private static void CheckLengths(IReadOnlyList<BarTable> tables)
    {
        static bool IsDaily(BarTable table) => table.Rows.TrueForAll(bar => bar.Date.TimeOfDay == TimeSpan.Zero);
        BarTable[] filled = [.. tables.Where(table => table.Rows.Count > 0)];
        if (filled.FirstOrDefault(IsDaily) is { } days && filled.FirstOrDefault(table => !IsDaily(table)) is { } times)
            throw new MarketDataException(times.Source, null, $"it has bars within days and {days.Source} has bars of days, of one symbol; import them under two symbols.");
        if (filled.Any(table => table.HasAdjustedClose) && filled.FirstOrDefault(table => !table.HasAdjustedClose) is { } raw)
            throw new MarketDataException(raw.Source, null, "it has no adjusted close, and another file of the symbol has; a run on adjusted prices would jump between them.");
        if (filled.Any(table => table.HasActions) && filled.FirstOrDefault(table => !table.HasActions) is { } bare)
            throw new MarketDataException(bare.Source, null, "it has no splits and dividends, and another file of the symbol has.");
    }

    private static void Check(ImportedBar bar)
    {
        Price(bar, "open", bar.Open);
        Price(bar, "high", bar.High);
        Price(bar, "low", bar.Low);
        Price(bar, "close", bar.Close);
        Price(bar, "adjusted close", bar.Adjusted);
        if (bar.High < bar.Low) throw bar.Fault(Invariant($"high {bar.High} is below low {bar.Low}."));
        if (!(double.IsFinite(bar.Volume) && bar.Volume >= 0)) throw bar.Fault(Invariant($"volume {bar.Volume} is not a volume; volumes are finite and not negative."));
    }

    private static void Price(ImportedBar bar, string name, double price)
    {
        if (double.IsNaN(price)) throw bar.Fault($"{name} is missing.");
        if (!(double.IsFinite(price) && price > 0)) throw bar.Fault(Invariant($"{name} {price} is not a price; prices are finite and above zero."));
    }

    private static void Say(IReadOnlyList<BarTable> tables, List<string> notes)
    {
        notes.AddRange(tables.Select(table => table.Note).OfType<string>().Distinct());
        var empty = tables.Sum(table => table.Empty);
        if (empty > 0) notes.Add(Invariant($"{empty} {(empty == 1 ? "row" : "rows")} without any price left out."));
        if (tables.Any(table => !table.HasVolume)) notes.Add("No volume in the data; it is written as 0.");
        if (tables.Any(table => table.Rows.Count > 1 && table.Rows[0].Date > table.Rows[^1].Date)) notes.Add("The newest bar came first; turned round.");
    }

    private static List<ImportedBar> Once(List<ImportedBar> ordered, List<string> notes)
    {
        var kept = new List<ImportedBar>(ordered.Count);
        foreach (var bar in ordered)
        {
            if (kept.Count == 0 || kept[^1].Date != bar.Date) kept.Add(bar);
            else if (!kept[^1].SaysTheSameAs(bar))
                throw bar.Fault(Invariant($"{bar.Date:yyyy-MM-dd HH:mm:ss} stands there with other prices, too, in {kept[^1].Source}, line {kept[^1].Line}."));
        }
        var twice = ordered.Count - kept.Count;
        if (twice > 0) notes.Add(Invariant($"{twice} {(twice == 1 ? "bar" : "bars")} stood there twice, alike; each is written once."));
        return kept;
    }
}
