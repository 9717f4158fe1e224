using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Facts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>The verdict of a table's row, against what it expects and what it shows.</summary>
internal sealed class ExpectedActualRule() : ReportRule(
    "expected-actual", "A row says that it did better, as well or worse than expected, and its times say otherwise.")
{
    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        foreach (var table in report.Document.Tables)
        {
            var header = table.Header.ToList();
            var expectedColumn = header.FindIndex(Words.ExpectedColumn().IsMatch);
            var actualColumn = header.FindIndex(cell => !Words.ExpectedColumn().IsMatch(cell) && Words.ActualColumn().IsMatch(cell));
            if (expectedColumn < 0 || actualColumn < 0) continue;
            foreach (var row in table.Rows)
            {
                var expected = Amount.In(Marks.Strip(row.Cell(expectedColumn)));
                var actual = Amount.In(Marks.Strip(row.Cell(actualColumn)));
                var verdict = string.Join(' ', row.Cells.Where((_, at) => at != expectedColumn && at != actualColumn && at > 0));
                if (expected is not { Kind: Dimension.Time } || actual is not { Kind: Dimension.Time }) continue;
                if (Fault(row, verdict, expected, actual) is not { } fault) continue;
                var statement = report.Statements.First(at => at.Line == row.Line);
                yield return Contradicted(
                    statement, $"Expected '{expected.Text}', actual '{actual.Text}': {fault}.", "The times as they were recorded, or the verdict that follows from them.");
            }
        }
    }

    private static string? Fault(TableRow row, string verdict, Amount expected, Amount actual)
    {
        if (Words.OverAchieved().IsMatch(verdict))
        {
            // A watch that ended early fell short; being quick is no merit of it.
            if (Topics.In(row.Cell(0)) == Activity.Monitor && actual.High < expected.Low) return "a watch that was shorter than planned is a shortfall, not an achievement";
            return actual.High >= expected.Low ? "it was not faster than the least that was expected" : null;
        }

        if (Words.Late().IsMatch(verdict)) return actual.High <= expected.High ? "it took no longer than expected" : null;
        if (!Words.Achieved().IsMatch(verdict)) return null;
        // A watch is achieved by lasting as long as it was planned, and by lasting longer.
        if (Topics.In(row.Cell(0)) == Activity.Monitor) return actual.High < expected.Low ? "the watch was shorter than planned" : null;
        return actual.Low > expected.High ? "it took longer than expected" : null;
    }
}
