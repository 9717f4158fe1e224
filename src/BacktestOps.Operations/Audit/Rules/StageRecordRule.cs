using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Facts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>How long a stage is said to have taken, against the record of it elsewhere in the document.</summary>
internal sealed class StageRecordRule() : ReportRule(
    "stage-record", "A stage is claimed to have lasted for another time than its record shows.")
{
    private const int Near = 16;

    // A week of follow-ups is dated items, not a record of hours.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        var claims = report.Statements.SelectMany(statement => ClaimsOf(report, statement))
            .Concat(report.Document.Tables.SelectMany(table => ClaimsOf(report, table)))
            .ToList();
        foreach (var stage in claims.GroupBy(claim => claim.Activity))
        {
            var record = StageRecord.Of(report, stage.Key);
            foreach (var same in stage.Where(claim => record.Contradicts(claim.Span)).GroupBy(claim => claim.Span.Low))
            {
                var first = same.MinBy(claim => claim.Statement.Line)!;
                var lines = same.Select(claim => claim.Statement.Line).Concat(record.Lines);
                var arithmetic = $"'{first.Span.Text.Trim()}' is claimed of the stage; {record.Words}.";
                yield return record.HasRange
                    ? Contradicted(first.Statement, arithmetic, "A record of the whole time that is claimed.", lines)
                    : Unsupported(first.Statement, arithmetic, "Samples of the whole time that is claimed.", lines);
            }
        }
    }

    private static IEnumerable<Claim> ClaimsOf(AuditedReport report, Statement statement)
    {
        if (statement.Kind is StatementKind.Row or StatementKind.Code || Words.IsPlanned(statement)) yield break;
        var facts = report.FactsOf(statement);
        var activity = Topics.In(statement.Plain);
        if (activity == Activity.None || facts.Ranges.Count > 0) yield break;
        var isDone = statement.IsClaimedDone || (statement.Kind == StatementKind.Heading && Words.Results().IsMatch(statement.Plain));
        foreach (var span in facts.Spans.Where(span => !span.IsInterval && !span.IsBound && !span.IsRange && span.High < Longest))
        {
            // What takes less than a second is an answer, not a stage.
            if (span.High < TimeSpan.FromSeconds(1)) continue;
            if (IsLabelled(statement, span) || (activity == Activity.Monitor && isDone && IsOf(activity, statement, span)))
                yield return new Claim(activity, span, statement);
        }
    }

    private static IEnumerable<Claim> ClaimsOf(AuditedReport report, ReportTable table)
    {
        var column = table.Header.ToList().FindIndex(header => Words.ActualColumn().IsMatch(header));
        if (column <= 0) yield break;
        foreach (var row in table.Rows)
        {
            var spans = Spans.In(Marks.Strip(row.Cell(column))).Where(span => !span.IsRange).ToList();
            var activity = Topics.In(row.Cell(0));
            if (activity == Activity.None || spans.Count != 1 || Words.Total().IsMatch(Marks.Strip(row.Cell(0)))) continue;
            var statement = report.Statements.FirstOrDefault(at => at.Line == row.Line);
            if (statement is not null) yield return new Claim(activity, spans[0], statement);
        }
    }

    /// <summary><c>배포 시간: 1분 30초</c>: the label names the stage and says that a duration follows.</summary>
    private static bool IsLabelled(Statement statement, Span span) =>
        Words.Labelled(statement.Plain) is { } pair && Words.DurationLabel().IsMatch(pair.Label)
        && statement.Plain.Length - pair.Value.Length >= span.Index - 1;

    /// <summary>The duration stands beside the stage's name, so it is of it and not of something else in the sentence.</summary>
    private static bool IsOf(Activity activity, Statement statement, Span span)
    {
        if (statement.Kind == StatementKind.Heading) return true;
        var word = Topics.Find(activity, statement.Plain)!;
        return word.Index >= span.Index ? word.Index - span.End <= Near : span.Index - (word.Index + word.Length) <= Near;
    }

    private sealed record Claim(Activity Activity, Span Span, Statement Statement);
}
