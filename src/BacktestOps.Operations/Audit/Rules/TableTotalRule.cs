using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Facts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>The totals of a table against its rows, ranges and rounding included.</summary>
internal sealed class TableTotalRule() : ReportRule(
    "table-total", "A total of a table is not the sum of its rows.")
{
    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        foreach (var table in report.Document.Tables)
        {
            var (all, part) = (new List<TableRow>(), new List<TableRow>());
            foreach (var row in table.Rows)
            {
                if (!Words.Total().IsMatch(row.Cell(0)))
                {
                    all.Add(row);
                    part.Add(row);
                    continue;
                }

                var isPart = Words.Subtotal().IsMatch(row.Cell(0));
                foreach (var finding in Judge(report, table, isPart ? part : all, row)) yield return finding;
                if (isPart) part.Clear();
            }
        }
    }

    private IEnumerable<ReportFinding> Judge(AuditedReport report, ReportTable table, List<TableRow> rows, TableRow total)
    {
        for (var column = 1; column < total.Cells.Count; column++)
        {
            if (Amount.In(Marks.Strip(total.Cell(column))) is not { } claimed) continue;
            var amounts = rows.Select(row => Amount.In(Marks.Strip(row.Cell(column)))).ToList();

            // A cell that is no amount of the same kind leaves the sum open; it accuses nobody.
            if (amounts.Count < 2 || amounts.Any(amount => amount is null || amount.Kind != claimed.Kind)) continue;
            var statement = report.Statements.First(at => at.Line == total.Line);
            var (low, high) = (amounts.Sum(amount => amount!.Low), amounts.Sum(amount => amount!.High));
            var off = Math.Max(Math.Abs(claimed.Low - low), Math.Abs(claimed.High - high));
            var slack = Slack(claimed, amounts!);
            if (off == 0 || (slack > 0 && off <= claimed.Step / 2)) continue;
            var name = column < table.Header.Count ? Marks.Strip(table.Header[column]) : $"column {column + 1}";
            var sum = $"In '{name}', {string.Join(" + ", amounts.Select(amount => amount!.Text))} = {Amount.Show(low, high, claimed.Kind)}; the total says '{claimed.Text}'";
            yield return off <= slack
                ? Undecidable(statement, sum + ". Rounding of the rows or of the total explains the difference.", "The rows with one more place.", rows.Select(row => row.Line))
                : Contradicted(statement, sum + ".", "The row that is missing, or the corrected total.", rows.Select(row => row.Line));
        }
    }

    /// <summary>What rounding can do: nothing where all is written to the same place and whole, as counts and planned minutes are.</summary>
    private static decimal Slack(Amount total, IReadOnlyList<Amount> rows)
    {
        var finest = rows.Min(row => row.Step);
        var coarser = rows.Where(row => row.Step > total.Step || row.IsFraction).Sum(row => row.Step / 2);
        return coarser + (finest < total.Step ? total.Step : 0);
    }
}
