using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Facts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>A mean, maximum, minimum or median, against the samples that the document shows.</summary>
internal sealed class SampleArithmeticRule() : ReportRule(
    "sample-arithmetic", "A mean, maximum, minimum or median is not that of the samples that are shown.")
{
    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        if (report.Samples.Count == 0) yield break;
        var sampleLines = report.Samples.Select(sample => sample.Line).ToHashSet();
        var names = report.Samples.SelectMany(sample => sample.Values.Keys).Distinct().ToList();
        foreach (var statement in report.Statements)
        {
            if (sampleLines.Contains(statement.Line) || Words.IsPlanned(statement)) continue;
            var limits = Thresholds.In(statement.Plain).Select(limit => limit.Limit.Index).ToHashSet();
            var figures = report.FactsOf(statement).Quantities.Where(figure => !limits.Contains(figure.Index)).ToList();
            foreach (var (statistic, index, figure) in Statistics.In(statement.Plain, figures))
            {
                if (MetricOf(statement, index, names) is not { } metric) continue;
                var (samples, _) = report.SamplesAround(statement, sample => sample.Values.ContainsKey(metric));
                if (samples.Count > 0 && Judge(statement, statistic, metric, figure, samples) is { } finding) yield return finding;
            }
        }
    }

    private ReportFinding? Judge(Statement statement, Statistic statistic, string metric, Quantity figure, IReadOnlyList<Sample> samples)
    {
        var shown = samples.Select(sample => sample.Values[metric]).ToList();
        if (shown.Any(value => value.Dimension != figure.Dimension)) return null;
        var exact = Statistics.Compute(statistic, [.. shown.Select(value => value.Base)]) / figure.Factor;
        var step = shown.Max(value => value.Step * value.Factor) / figure.Factor;
        var match = Rounding.Compare(figure.Value, figure.Step, exact, step);
        if (match == RoundingMatch.Exact) return null;
        var list = string.Join(", ", shown.Take(20).Select(value => value.Text)) + (shown.Count > 20 ? ", …" : "");
        var sum = $"the {statistic.ToString().ToLowerInvariant()} of the {shown.Count} samples that are shown ({list}) is {Statistics.Show(exact)}{figure.Unit}";
        var lines = samples.Select(sample => sample.Line);
        return match == RoundingMatch.Explained
            ? Undecidable(
                statement,
                $"'{figure.Text}' is claimed; {sum}. Rounding explains the difference: samples that were themselves rounded, or a result that was rounded up or down. This is no error.",
                "The samples with one more place.", lines)
            : Contradicted(
                statement,
                $"'{figure.Text}' is claimed; {sum}. No way of rounding, kept to in the samples and in the result, gives {Statistics.Show(figure.Value)}.",
                "The samples that the figure was computed of, if there were more than are shown.", lines);
    }

    /// <summary>The metric that is named before the word, in the line, in the items around it, or in the heading.</summary>
    private static string? MetricOf(Statement statement, int index, List<string> names)
    {
        IEnumerable<string> texts =
        [
            statement.Plain[..index], statement.Plain, .. statement.Parents().Select(parent => parent.Plain),
            .. statement.Section.Chain().Take(1).Select(section => section.Heading!.Plain),
        ];
        foreach (var text in texts)
        {
            if (Topics.MetricIn(text) is { } metric && names.Contains(metric)) return metric;
            if (names.Find(name => text.Contains(name, StringComparison.OrdinalIgnoreCase)) is { } named) return named;
        }

        return null;
    }
}
