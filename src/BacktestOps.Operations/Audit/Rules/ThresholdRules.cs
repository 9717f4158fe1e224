using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Facts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>A figure and the limit that it is held against, on one line.</summary>
internal sealed record HeldFigure(Statement Statement, Quantity Figure, Threshold Threshold)
{
    /// <summary>The figures of a report that are claimed to keep to a limit that stands beside them.</summary>
    public static IEnumerable<HeldFigure> In(AuditedReport report)
    {
        foreach (var statement in report.Statements)
        {
            var isClaimed = statement.Kind == StatementKind.Row ? !Words.IsPlanned(statement) : statement.IsClaimedDone && !Words.IsPlanned(statement);
            if (!isClaimed) continue;
            var limits = Thresholds.In(statement.Plain).ToList();
            if (limits.Count != 1) continue;
            var facts = report.FactsOf(statement);
            var figures = facts.Quantities
                .Where(figure => figure.Dimension is not (Dimension.None or Dimension.Count) && figure.Index != limits[0].Limit.Index
                    && !facts.Spans.Any(span => span.IsInterval && figure.Index >= span.Index && figure.Index < span.End))
                .ToList();

            // Of another unit, only what stands before the limit is held against it, and minutes of watching never are.
            var held = figures.Find(figure => figure.Dimension == limits[0].Limit.Dimension)
                ?? figures.Find(figure => figure.Index < limits[0].Limit.Index && (figure.Dimension != Dimension.Time || figure.Factor <= 1));
            if (held is not null && limits[0].Limit.Dimension != Dimension.Count) yield return new HeldFigure(statement, held, limits[0]);
        }
    }
}

/// <summary>A figure that is held against a limit of another unit.</summary>
internal sealed class UnitMismatchRule() : ReportRule(
    "unit-mismatch", "A figure is held against a limit in a unit that it can't be compared with.")
{
    public override IEnumerable<ReportFinding> Find(AuditedReport report) =>
        from held in HeldFigure.In(report)
        where held.Figure.Dimension != held.Threshold.Limit.Dimension
        select Finding(
            FindingClass.Undecidable, FindingSeverity.Warning, held.Statement.Line, held.Statement.Text,
            $"'{held.Figure.Text}' is a figure in {NameOf(held.Figure.Dimension)}, and the limit '{held.Threshold}' one in {NameOf(held.Threshold.Limit.Dimension)}: whether it is kept can't be computed without what the whole is.",
            $"The figure in {NameOf(held.Threshold.Limit.Dimension)}, or the whole that it is a part of.", []);

    private static string NameOf(Dimension dimension) => dimension switch
    {
        Dimension.Percent => "percent",
        Dimension.Bytes => "bytes",
        _ => "time",
    };
}

/// <summary>A figure that does not keep to the limit beside it, though it is ticked.</summary>
internal sealed class ThresholdRule() : ReportRule(
    "threshold", "A ticked figure does not keep to the limit that stands beside it.")
{
    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        foreach (var held in HeldFigure.In(report))
        {
            var (figure, limit) = (held.Figure, held.Threshold);
            if (figure.Dimension != limit.Limit.Dimension || limit.Admits(figure.Base)) continue;
            var half = figure.Step * figure.Factor / 2;
            yield return limit.Admits(figure.Base - half) || limit.Admits(figure.Base + half)
                ? Undecidable(
                    held.Statement, $"'{figure.Text}' does not keep to '{limit}' as it stands, but a value that rounds to it does.",
                    "The figure with one more place.")
                : Contradicted(
                    held.Statement, $"'{figure.Text}' does not keep to '{limit}', and the line is ticked.",
                    "A measurement that keeps to the limit, or the tick taken back.");
        }
    }
}
