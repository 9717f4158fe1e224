using BacktestOps.Contracts;
using static System.FormattableString;

namespace BacktestOps.Runs.MarketData.Inspection;

/// <summary>Everything that can be found in one CSV file of bars; what can't be read is a finding too.</summary>
internal static class FileInspection
{
    private const int MostRows = 1000;

    /// <summary>The findings by line, and the bars that could be read; null when none could.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="symbol">The symbol.</param>
    /// <param name="path">The file, as the caller named it.</param>
    /// <param name="actions">Splits and dividends beside it; null for none.</param>
    public static (IReadOnlyList<MarketDataFinding> Findings, MarketSeries? Series) Inspect(byte[] content, string symbol, string path, ActionsFile? actions = null)
    {
        var found = new List<MarketDataFinding>();
        var leftOut = 0;
        try
        {
            var series = CsvBarReader.Read(content, symbol, symbol, path, actions, (line, fault) =>
            {
                if (++leftOut <= MostRows) found.Add(OfRow(symbol, path, line, fault));
            });
            if (leftOut > MostRows)
                found.Add(OfFile(symbol, path, null, Invariant($"{leftOut} rows can't be used; the first {MostRows} are listed.")));
            return ([.. found.Concat(series.Findings).OrderBy(finding => finding.Line)], series);
        }
        catch (MarketDataException fault)
        {
            found.Add(OfFile(symbol, path, fault.Line, fault.Detail));
            return (found, null);
        }
    }

    /// <summary>The finding that a file as a whole can't be used.</summary>
    public static MarketDataFinding OfFile(string symbol, string path, int? line, string detail) => new()
    {
        Kind = MarketDataFindingKind.Unreadable,
        Severity = FindingSeverity.Error,
        Symbol = symbol,
        Detail = detail,
        Path = path,
        Line = line,
    };

    private static MarketDataFinding OfRow(string symbol, string path, int line, RowFault fault) =>
        OfFile(symbol, path, line, fault.Detail) with { Kind = fault.Kind, Date = fault.Date };
}
