using System.Globalization;
using System.Text.RegularExpressions;
using BacktestOps.Contracts;

namespace BacktestOps.Operations.Reports;

/// <summary>
/// The last line of a Markdown report, a comment: what it was computed of and how, so that it can be computed again and held
/// against what the document says.
/// </summary>
/// <param name="Format">The form of the report; another one is written otherwise.</param>
/// <param name="Deployment">The deployment.</param>
/// <param name="Head">The ledger's head.</param>
/// <param name="Culture">The language.</param>
/// <param name="TimeZone">The time zone of its times.</param>
internal sealed partial record ReportStamp(int Format, int Deployment, LedgerHead Head, string Culture, string TimeZone)
{
    /// <summary>Grows with every change of what a report of the same ledger says.</summary>
    public const int CurrentFormat = 2;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"<!-- backtestops report format={Format} deployment={Deployment} head={Head} culture={Culture} timezone={TimeZone} -->");

    /// <summary>The stamp of a document; null when it has none.</summary>
    public static ReportStamp? Find(string document)
    {
        // Of several the last counts: it is the one that a report ends with.
        if (Written().Matches(document).LastOrDefault() is not { } match) return null;
        int Number(string group) => int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new ReportStamp(
            Number("format"), Number("deployment"), new LedgerHead(Number("sequence"), match.Groups["hash"].Value), match.Groups["culture"].Value, match.Groups["zone"].Value);
    }

    [GeneratedRegex(
        @"<!-- backtestops report format=(?<format>[0-9]{1,9}) deployment=(?<deployment>[0-9]{1,9}) head=(?<sequence>[0-9]{1,9}):(?<hash>[0-9a-f]{64}) culture=(?<culture>[A-Za-z-]{2,12}) timezone=(?<zone>[A-Za-z0-9_+/-]{1,64}) -->",
        RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
