using BacktestOps.Contracts;
using static System.FormattableString;

namespace BacktestOps.Runs.MarketData.Inspection;

/// <summary>What the reader of a result should know of the data that the run read.</summary>
internal static class DataWarnings
{
    private const int Named = 3;

    /// <summary>The warnings of one symbol: only of what lies in the run's range, one sentence for each kind.</summary>
    /// <param name="series">The data.</param>
    /// <param name="request">The run.</param>
    public static IEnumerable<string> Of(MarketSeries series, BacktestRequest request)
    {
        // Splits and dividends that stand beside prices as traded take the place of an adjusted close.
        var adjusted = request.Adjusted && series.Bars.HasAdjustedClose && !series.Bars.HasActions;
        var knowsSplits = adjusted || series.Bars.HasActions;
        foreach (var kind in series.Findings.Where(finding => Matters(finding, request, adjusted, knowsSplits)).GroupBy(finding => finding.Kind))
        {
            MarketDataFinding[] all = [.. kind];
            // The worst first: an error, then the earliest.
            var named = string.Join(" ", all.OrderBy(finding => finding.Severity).ThenBy(finding => finding.Date).Take(Named).Select(Show));
            var rest = all.Length > Named ? Invariant($" And {all.Length - Named} more; Test-MarketData lists all.") : "";
            yield return $"{series.Source}: {Title(kind.Key, all.Length)} {named}{rest}";
        }
    }

    private static bool Matters(MarketDataFinding finding, BacktestRequest request, bool adjusted, bool knowsSplits)
    {
        var first = DateOnly.FromDateTime(finding.Date ?? DateTime.MinValue);
        var last = DateOnly.FromDateTime(finding.Until ?? finding.Date ?? DateTime.MinValue);
        if (last < request.From || first > request.To) return false;
        return finding.Kind switch
        {
            // Said of the whole file when it was read.
            MarketDataFindingKind.OutsideRange => false,
            // Adjusted prices do not jump at a split, and prices as traded do not know a factor.
            MarketDataFindingKind.Split => !knowsSplits,
            MarketDataFindingKind.WrongFactor => adjusted,
            _ => finding.Severity != FindingSeverity.Note,
        };
    }

    private static string Title(MarketDataFindingKind kind, int count) => kind switch
    {
        MarketDataFindingKind.BadPrint => Invariant($"{count} {(count == 1 ? "price is" : "prices are")} supported by no price beside {(count == 1 ? "it" : "them")}."),
        MarketDataFindingKind.Hole => Invariant($"{count} {(count == 1 ? "hole" : "holes")}."),
        MarketDataFindingKind.DuplicateDay => Invariant($"{count} {(count == 1 ? "bar is" : "bars are")} like the one before."),
        MarketDataFindingKind.UnadjustedSplit => "a split is not adjusted for; the run takes it for a loss or a gain.",
        MarketDataFindingKind.WrongFactor => Invariant($"the factor of the adjusted close is wrong at {count} {(count == 1 ? "bar" : "bars")}."),
        MarketDataFindingKind.Split => Invariant($"{count} {(count == 1 ? "split" : "splits")} inside the range, which prices as traded take for losses or gains; -Adjusted trades on adjusted prices."),
        _ => Invariant($"{count} {(count == 1 ? "bar" : "bars")} to look at."),
    };

    private static string Show(MarketDataFinding finding) =>
        Invariant($"{Calendar.Show(finding.Date!.Value)}{(finding.Line is { } line ? Invariant($" (line {line})") : "")}: {finding.Detail}");
}
