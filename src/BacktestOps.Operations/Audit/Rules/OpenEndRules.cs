using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Facts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>A heading or an item that is ticked over an open one.</summary>
internal sealed class TickOverOpenRule() : ReportRule(
    "tick-over-open", "A section or an item is ticked while something in it is open.")
{
    public override IEnumerable<ReportFinding> Find(AuditedReport report) =>
        from pair in Covered(report.Document)
        group pair.Open by pair.Tick into tick
        select Premature(
            tick.Key, $"It is ticked, and {Count(tick.Count())} in it open: {string.Join("; ", tick.Take(3).Select(open => $"line {open.Line} '{open.Plain}'"))}.",
            "The open item done, with its evidence, or the tick taken back.", tick.Select(open => open.Line));

    /// <summary>Open items, each with the innermost tick over it; those over which nothing is ticked are not among them.</summary>
    public static IEnumerable<(Statement Open, Statement Tick)> Covered(ReportDocument document)
    {
        foreach (var open in document.Statements.Where(statement => statement.Box == false))
        {
            var over = open.Parents().Concat(open.Section.Chain().Where(section => section.Level > 1).Select(section => section.Heading!));
            if (over.FirstOrDefault(statement => statement.IsTicked) is { } tick) yield return (open, tick);
        }
    }

    private static string Count(int number) => number == 1 ? "1 item is" : $"{number} items are";
}

/// <summary>The end is declared while something is still to be done.</summary>
internal sealed class FinalWhileOpenRule() : ReportRule(
    "final-while-open", "The whole is called complete, stable or approved while follow-ups are open.")
{
    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        var covered = TickOverOpenRule.Covered(report.Document).Select(pair => pair.Open).ToHashSet();
        var open = report.Statements.Where(statement => statement.Box == false && !covered.Contains(statement)).ToList();
        if (open.Count == 0) yield break;
        var claims = report.Statements.Where(IsFinal).ToList();
        if (claims.Count == 0) yield break;
        var first = claims[0];
        yield return Premature(
            first,
            $"The whole is called over, and {open.Count} item{(open.Count == 1 ? " is" : "s are")} open ({string.Join("; ", open.Take(3).Select(item => $"line {item.Line} '{item.Plain}'"))}{(open.Count > 3 ? "; …" : "")}).",
            "The follow-ups done, each with its evidence, or 'complete except for the follow-ups'.",
            claims.Skip(1).Concat(open).Select(statement => statement.Line));
    }

    private static bool IsFinal(Statement statement)
    {
        if (statement.Kind is StatementKind.Row or StatementKind.Code or StatementKind.Heading || statement.Parent is not null) return false;
        if (!Words.Final().IsMatch(statement.Plain) || Words.NotFinal().IsMatch(statement.Plain) || Words.IsPlanned(statement)) return false;
        if (Words.Labelled(statement.Plain) is { } pair && (Words.CompletionLabel().IsMatch(pair.Label) || Words.DeployerLabel().IsMatch(pair.Label))) return false;

        // What stands in the document's head, or under a heading that concludes, is said of the whole.
        return statement.Section.Level <= 1
            || (statement.Section.Chain().Any(section => Words.FinalSection().IsMatch(section.Heading!.Plain)) && (statement.IsTicked || statement.Kind == StatementKind.Paragraph));
    }
}
