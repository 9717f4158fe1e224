using System.Globalization;
using System.Text;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.MarketData.Import;

/// <summary>One symbol, read and checked, on its way into a data folder.</summary>
public sealed class ImportPlan
{
    private readonly byte[] _content;
    private readonly byte[]? _actions;
    private readonly MarketDataImport _import;

    internal ImportPlan(string symbol, string folder, IReadOnlyList<BarTable> tables, int files, LeanFactors? factors)
    {
        var notes = new List<string>();
        var bars = BarMerge.Merge(tables, notes);
        var adjusted = tables.Any(table => table.HasAdjustedClose);
        if (factors is not null)
        {
            if (adjusted) throw new MarketDataException(tables[0].Source, null, "it has an adjusted close of its own; leave the factor file out.");
            if (tables.Any(table => table.HasActions)) throw new MarketDataException(tables[0].Source, null, "it has splits and dividends of its own; leave the factor file out.");
            bars = bars.ConvertAll(bar => bar with { Adjusted = bar.Close * factors.At(bar.Date) });
            adjusted = true;
            notes.Add("The adjusted close is made of the factor file.");
        }
        Path = System.IO.Path.Combine(folder, symbol + ".csv");
        var beside = ActionsFile.PathFor(Path);
        _actions = ImportedActions.Write(bars);
        // With splits and dividends an adjusted close is made of them, and a second one would only be warned of.
        _content = Write(bars, adjusted && _actions is null);
        // What is written is what runs will read: whatever they would refuse is refused here.
        var actions = _actions is null ? null : ActionsFile.Read(_actions, System.IO.Path.GetFileName(beside));
        var series = CsvBarReader.Read(_content, symbol, symbol, System.IO.Path.GetFileName(Path), actions);
        if (_actions is not null) notes.AddRange(ImportedActions.Notes(bars, adjusted, series.Bars, System.IO.Path.GetFileName(beside)));
        else if (File.Exists(beside)) notes.Add($"{System.IO.Path.GetFileName(beside)} stands beside it; runs take splits and dividends from it.");
        _import = new MarketDataImport
        {
            Symbol = symbol,
            Path = Path,
            Format = string.Join(", ", tables.Select(table => table.Format).Distinct()),
            Files = files,
            First = bars[0].Date,
            Last = bars[^1].Date,
            Bars = bars.Count,
            HasAdjustedClose = series.Bars.HasAdjustedClose,
            ActionsPath = _actions is null ? null : beside,
            Notes = notes,
            Findings = series.Findings,
        };
    }

    /// <summary>The symbol.</summary>
    public string Symbol => _import.Symbol;

    /// <summary>The file that it will be, absolute.</summary>
    public string Path { get; }

    /// <summary>Writes the file, and one of splits and dividends beside it where there are any, each whole or not at all; the folder is made where it is missing.</summary>
    /// <param name="replace">True to take the place of a file that exists.</param>
    /// <returns>What was imported, and what was found in it.</returns>
    /// <exception cref="MarketDataException">The file exists and is not to be replaced, or can't be written.</exception>
    public MarketDataImport Write(bool replace)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            foreach (var path in _import.ActionsPath is { } beside ? [Path, beside] : (string[])[Path])
            {
                if (!replace && File.Exists(path)) throw new MarketDataException(path, null, "the file exists, and was left as it is.", recommendedAction: "Add -Force to replace it, or import into another folder with -DataPath.");
            }
            // First, so that prices as traded never stand there without what they are adjusted by.
            if (_actions is not null) WholeFile.Write(_import.ActionsPath!, _actions, replace);
            WholeFile.Write(Path, _content, replace);
            return _import;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new MarketDataException(
                Path, null, $"the file can't be written: {fault.Message}", fault, "Give this user the right to write there, see whether the disk is full, or import into another folder with -DataPath.");
        }
    }

    private static byte[] Write(List<ImportedBar> bars, bool adjusted)
    {
        var text = new StringBuilder(bars.Count * 64).Append(adjusted ? "date,open,high,low,close,adj_close,volume\n" : "date,open,high,low,close,volume\n");
        var daily = bars.TrueForAll(bar => bar.Date.TimeOfDay == TimeSpan.Zero);
        var form = daily ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss";
        foreach (var bar in bars)
        {
            text.Append(bar.Date.ToString(form, CultureInfo.InvariantCulture)).Append(CultureInfo.InvariantCulture, $",{bar.Open},{bar.High},{bar.Low},{bar.Close},");
            if (adjusted) text.Append(CultureInfo.InvariantCulture, $"{bar.Adjusted},");
            text.Append(CultureInfo.InvariantCulture, $"{bar.Volume}\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
