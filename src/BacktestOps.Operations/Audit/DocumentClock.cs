using System.Text.RegularExpressions;
using BacktestOps.Operations.Audit.Facts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit;

/// <summary>When a document was written, from what it says itself.</summary>
internal static partial class DocumentClock
{
    /// <summary>
    /// The latest time that stands behind a label such as "report completed"; else the latest that stands behind "approved",
    /// "completed" or "date". Dates of plans and of single items don't count.
    /// </summary>
    public static (Moment Moment, int Line)? WrittenAt(AuditedReport report)
    {
        var labelled = new List<(Moment Moment, int Line, bool IsWritten)>();
        foreach (var statement in report.Statements)
        {
            if (statement.Box is not null || statement.Kind is StatementKind.Code or StatementKind.Row) continue;
            if (Words.Labelled(statement.Plain) is not { } pair || Words.IsPlanned(statement)) continue;
            var isWritten = Written().IsMatch(pair.Label);
            if (!isWritten && !Dated().IsMatch(pair.Label)) continue;
            foreach (var moment in report.FactsOf(statement).Moments.Where(moment => moment.Date is not null).TakeLast(1))
                labelled.Add((moment, statement.Line, isWritten));
        }

        var best = labelled.OrderByDescending(entry => entry.IsWritten).ThenByDescending(entry => entry.Moment.On(null)).FirstOrDefault();
        return best.Line == 0 ? null : (best.Moment, best.Line);
    }

    [GeneratedRegex(@"보고|작성|\breport|\bwritten\b|\bgenerated\b|\bas of\b|기준일", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Written();

    [GeneratedRegex(@"일시|날짜|일자|시각|승인|완료|\bdate\b|\bapproved\b|\bcompleted\b|\bcompletion\b|\bfinished\b|\btime\b|\bdeployed\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Dated();
}
