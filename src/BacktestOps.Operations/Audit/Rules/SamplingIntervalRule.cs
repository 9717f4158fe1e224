using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Facts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>Samples every so often, against the samples that are there.</summary>
internal sealed class SamplingIntervalRule() : ReportRule(
    "sampling-interval", "Fewer samples are shown than the interval that is named asks for.")
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        var seen = new HashSet<(TimeSpan, int)>();
        foreach (var statement in report.Statements)
        {
            if (statement.Kind == StatementKind.Row || Words.IsPlanned(statement)) continue;
            foreach (var every in report.FactsOf(statement).Spans.Where(span => span.IsInterval && !span.IsRange && span.Low <= Longest && span.Low > TimeSpan.Zero))
            {
                var (samples, section) = report.SamplesAround(statement);
                var isOwn = section == statement.Section;
                // What is looked at every so often is a watch by its word, or by the samples that stand under it.
                if (!isOwn && report.ActivityOf(statement) != Activity.Monitor) continue;
                if (!seen.Add((every.Low, samples.Count == 0 ? 0 : samples[0].Line))) continue;
                if (Judge(report, statement, every, samples, isOwn) is { } finding) yield return finding;
            }
        }
    }

    private ReportFinding? Judge(AuditedReport report, Statement statement, Span every, IReadOnlyList<Sample> samples, bool isOwn)
    {
        if (samples.Count == 0)
        {
            return statement.IsClaimedDone
                ? Unsupported(statement, $"Samples '{every.Text.Trim()}' apart are claimed, and none is shown.", "The samples.")
                : null;
        }

        var gaps = SampleTimes.Gaps(samples);
        var longest = gaps.Count == 0 ? TimeSpan.Zero : gaps.Max();
        var window = Window(report, samples);
        var needed = (int)Math.Min(1_000_000, Math.Floor(window / every.Low) + 1);

        // A slot more or less at the ends is nobody's error, nor is a sample taken a little late.
        if (longest <= every.Low * 1.5 && samples.Count >= needed - 1) return null;
        var lines = samples.Select(sample => sample.Line);
        var arithmetic = $"Every {Spans.Show(every.Low)} over {Spans.Show(window)} makes {needed} samples; {samples.Count} {(samples.Count == 1 ? "is" : "are")} shown ("
            + string.Join(", ", samples.Take(20).Select(sample => sample.At)) + (longest > TimeSpan.Zero ? $"), up to {Spans.Show(longest)} apart." : ").");
        const string Settles = "The samples that are missing, or a statement that they were missed.";
        return isOwn ? Contradicted(statement, arithmetic, Settles, lines) : Unsupported(statement, arithmetic, Settles, lines);
    }

    private static TimeSpan Window(AuditedReport report, IReadOnlyList<Sample> samples)
    {
        // Only what the samples themselves span: how long the watch was is another rule's question.
        var (span, _) = SampleTimes.SpanOf(samples);
        return span ?? StageWindow(report);
    }

    private static TimeSpan StageWindow(AuditedReport report) => report.Statements
        .Where(statement => report.FactsOf(statement).Ranges.Count == 1 && report.ActivityOf(statement) == Activity.Monitor)
        .Select(statement => report.FactsOf(statement).Ranges[0].Length)
        .DefaultIfEmpty(TimeSpan.Zero)
        .Max();
}
