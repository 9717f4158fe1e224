using BacktestOps.Contracts;
using BacktestOps.Engine.Bars;

namespace BacktestOps.Runs.MarketData.Inspection;

/// <summary>Looks for what real data has: bad prints, holes, duplicate days, splits that are not adjusted for, wrong factors.</summary>
/// <remarks>Nothing is changed, and no finding means that nothing was found, not that every price is right. Not for several threads at once.</remarks>
public sealed class MarketDataInspector
{
    private readonly CalendarComparison _calendars = new();

    /// <summary>The files and folders of a path that can be inspected: the file itself, or every CSV file of a folder by name.</summary>
    /// <param name="path">Absolute path of a file or a folder.</param>
    /// <exception cref="MarketDataException">There is neither, or the folder can't be read.</exception>
    public static IReadOnlyList<string> FilesOf(string path)
    {
        if (!Directory.Exists(path))
            return File.Exists(path) ? [path] : throw new MarketDataException(path, null, "there is no such file or folder.", recommendedAction: "Correct the path.");
        try
        {
            return [.. FolderCatalog.BarFiles(path).Order(StringComparer.OrdinalIgnoreCase)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new MarketDataException(path, null, $"the folder can't be read: {fault.Message}", fault, "Give this user the right to read it.");
        }
    }

    /// <summary>What is found in a CSV file of bars, by line. What can't be read is a finding, too.</summary>
    /// <param name="file">Absolute path; its name without extension is the symbol.</param>
    /// <param name="shown">The path as findings name it.</param>
    /// <exception cref="MarketDataException">There is no such file, or it may not be read.</exception>
    public IReadOnlyList<MarketDataFinding> Inspect(string file, string shown)
    {
        byte[] content;
        ActionsFile? actions;
        try
        {
            content = File.ReadAllBytes(file);
            actions = ActionsFile.IsOne(file) ? ActionsFile.Read(content, shown) : ActionsFile.Beside(file);
        }
        catch (MarketDataException fault)
        {
            return [FileInspection.OfFile(Path.GetFileNameWithoutExtension(file), shown, fault.Line, fault.Detail)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new MarketDataException(shown, null, $"the file can't be read: {fault.Message}", fault, "Give this user the right to read it, or see to the disk.");
        }

        // Splits and dividends by themselves have no bars to be held against; they are, with the file that they stand beside.
        if (ActionsFile.IsOne(file)) return [];
        var (findings, series) = FileInspection.Inspect(content, Path.GetFileNameWithoutExtension(file), shown, actions);
        if (series is not null) _calendars.Add(series.Bars, shown);
        return findings;
    }

    /// <summary>What is found in bars that came from elsewhere, by date; without lines.</summary>
    /// <param name="bars">The bars of one symbol, oldest first, at least one.</param>
    /// <param name="source">Where they come from, as findings name it.</param>
    public IReadOnlyList<MarketDataFinding> Inspect(IReadOnlyList<Bar> bars, string source)
    {
        ArgumentNullException.ThrowIfNull(bars);
        if (bars.Count == 0) throw new MarketDataException(source, null, "there are no bars.");
        double[] Column(Func<Bar, double> read) => [.. bars.Select(read)];
        var series = new BarSeries(
            bars[0].Symbol, [.. bars.Select(bar => bar.Date)],
            Column(bar => bar.Open), Column(bar => bar.High), Column(bar => bar.Low), Column(bar => bar.Close), Column(bar => bar.Volume),
            bars.All(bar => bar.AdjustedClose is not null) ? Column(bar => bar.AdjustedClose!.Value) : null);
        _calendars.Add(series, source);
        return SeriesInspection.Inspect(series, source, lines: null);
    }

    /// <summary>The days that one of the inspected symbols lacks and the others traded: of daily bars, from three symbols on.</summary>
    public IReadOnlyList<MarketDataFinding> CompareDays() => [.. _calendars.Find()];
}
