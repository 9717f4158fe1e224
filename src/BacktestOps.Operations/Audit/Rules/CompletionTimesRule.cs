using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Facts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>When a stage was over, where a document says it more than once.</summary>
internal sealed class CompletionTimesRule() : ReportRule(
    "completion-times", "A stage is said to have been over at two different times, or its report before the stage.")
{
    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        var ends = report.Statements.SelectMany(statement => EndsOf(report, statement)).ToList();
        foreach (var stage in ends.GroupBy(end => end.Activity))
        {
            var labelled = stage.Where(end => end.IsLabelled).ToList();
            foreach (var end in labelled)
            {
                var other = stage.FirstOrDefault(other => other.Statement.Line != end.Statement.Line && !Agree(end.Moment, other.Moment)
                    && (!other.IsLabelled || other.Statement.Line < end.Statement.Line));
                if (other is null) continue;
                yield return Contradicted(
                    end.Statement,
                    $"This line says {end.Moment}; line {other.Statement.Line} says {other.Moment} ('{Short(other.Statement.Plain)}'). Both can't be the end of the same stage.",
                    "The record of the stage's end.", [other.Statement.Line]);
                break;
            }
        }

        foreach (var finding in ReportsTooEarly(ends)) yield return finding;
    }

    private IEnumerable<ReportFinding> ReportsTooEarly(List<End> ends)
    {
        foreach (var written in ends.Where(end => end.Activity == Activity.Report && end.IsLabelled))
        {
            var later = ends.Find(end => end.Activity is Activity.Deploy or Activity.Monitor or Activity.Smoke
                && end.Moment.On(written.Moment.Date) > written.Moment.On(null) + written.Moment.Precision);
            if (later is null) continue;
            yield return Contradicted(
                written.Statement,
                $"The report is said to be done at {written.Moment}, before what it reports was over ({later.Moment}, line {later.Statement.Line}).",
                "The times as they were recorded.", [later.Statement.Line]);
        }
    }

    private static IEnumerable<End> EndsOf(AuditedReport report, Statement statement)
    {
        if (statement.Kind == StatementKind.Row || Words.IsPlanned(statement)) yield break;
        var facts = report.FactsOf(statement);
        if (facts.Ranges.Count == 1)
        {
            var activity = report.ActivityOf(statement);
            var end = facts.Ranges[0].To;
            if (activity != Activity.None && (end.Date ?? report.WrittenAt?.Moment.Date) is { } day)
                yield return new End(activity, end with { Date = day }, statement, IsLabelled: false);
        }
        else if (Words.Labelled(statement.Plain) is { } pair && Words.CompletionLabel().IsMatch(pair.Label) && Topics.In(pair.Label) is not Activity.None and var activity)
        {
            foreach (var moment in facts.Moments.Where(moment => moment.Time is not null).Take(1))
            {
                if ((moment.Date ?? report.WrittenAt?.Moment.Date) is { } day)
                    yield return new End(activity, moment with { Date = day }, statement, IsLabelled: true);
            }
        }
    }

    private static bool Agree(Moment one, Moment other)
    {
        var precision = one.Precision > other.Precision ? one.Precision : other.Precision;
        return (one.On(null)!.Value - other.On(null)!.Value).Duration() < precision;
    }

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private sealed record End(Activity Activity, Moment Moment, Statement Statement, bool IsLabelled);
}
