using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>Ticks on what lies after the moment at which the document was written.</summary>
internal sealed class FutureTickRule() : ReportRule(
    "future-tick", "Something is ticked that lies after the document's own time.")
{
    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        if (report.WrittenAt is not { } written || written.Moment.Date is not { } today) yield break;
        var now = written.Moment.On(null)!.Value + (written.Moment.Time is null ? TimeSpan.FromDays(1) : written.Moment.Precision);
        foreach (var statement in report.Statements)
        {
            if (!statement.IsTicked || statement.Kind == StatementKind.Row || statement.Line == written.Line) continue;
            var late = report.FactsOf(statement).Moments.Where(moment => moment.Date is not null && moment.On(today) >= now).ToList();
            if (late.Count == 0) continue;
            yield return Premature(
                statement,
                $"It is ticked and speaks of {late[^1]}; the document was written at {written.Moment} (line {written.Line}).",
                "Evidence from after that time; until then it is open.", [written.Line]);
        }
    }
}
