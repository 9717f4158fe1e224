using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Facts;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>A duration that stands beside the times from which it can be computed.</summary>
internal sealed class DurationRangeRule() : ReportRule(
    "duration-range", "A duration is not the time between the two times that are shown with it.")
{
    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        foreach (var statement in report.Statements)
        {
            var facts = report.FactsOf(statement);
            if (facts.Ranges.Count != 1) continue;
            var range = facts.Ranges[0];
            foreach (var claimed in facts.Spans.Where(span => !span.IsInterval && !span.IsBound && !span.IsRange))
            {
                if (IsExplained(claimed, range)) continue;
                yield return Contradicted(
                    statement,
                    $"'{claimed.Text}' is claimed; from {range.From} to {range.To} are {Spans.Show(range.Length)}, {Spans.Show((claimed.Low - range.Length).Duration())} {(claimed.Low > range.Length ? "less" : "more")}. "
                        + "The precision of the times that are written does not explain it.",
                    "The recorded start and end, or the samples of the time that is missing.");
            }
        }
    }

    /// <summary>Times are exact to what is written, and a duration is rounded to its last place, to the minute at the coarsest.</summary>
    internal static bool IsExplained(Span claimed, ClockRange range)
    {
        var step = claimed.Step > TimeSpan.FromMinutes(1) ? TimeSpan.FromMinutes(1) : claimed.Step;
        return (claimed.Low - range.Length).Duration() < range.Precision + (step / 2);
    }
}
