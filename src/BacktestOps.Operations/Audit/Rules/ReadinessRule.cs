using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>"Ready to run" under a tick: that it could be done is not that it was.</summary>
internal sealed partial class ReadinessRule() : ReportRule(
    "ready-not-done", "A tick's evidence says that something was ready, not that it was done or seen.")
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        var found = new Dictionary<Statement, List<Statement>>();
        foreach (var statement in report.Statements)
        {
            if (statement.Kind is not (StatementKind.Item or StatementKind.Paragraph) || !statement.IsClaimedDone || !IsReadiness(statement.Text)) continue;

            // What was asked for may be readiness itself; then seeing it is its evidence.
            if (statement.Parent is null || statement.Children.Count > 0) continue;
            if (!found.TryGetValue(statement.Parent, out var lines)) found.Add(statement.Parent, lines = []);
            lines.Add(statement);
        }

        foreach (var (tick, lines) in found)
        {
            // One line among others that say what was seen takes nothing from them.
            if (tick.Children.Any(child => child.Kind == StatementKind.Item && !lines.Contains(child))) continue;
            yield return Unsupported(
                lines[0],
                $"'{Marks.Strip(tick.Text)}' is ticked, and {(lines.Count == 1 ? "what stands under it says" : $"all {lines.Count} lines under it say")} that something was ready. Ready is not done: nothing shows that it ran or answered.",
                "What was seen afterwards: the process, its answer, its log.", lines.Skip(1).Select(line => line.Line).Prepend(tick.Line));
        }
    }

    private static bool IsReadiness(string text) => Ready().IsMatch(Quoted().Replace(Marks.Strip(text), ""));

    [GeneratedRegex(@"준비(?:\s*(?:완료|됨|상태|끝))?\s*$|\b(?:is |are |was |were )?(?:ready|prepared)(?: to \w+| for \w+)?\s*\.?$", Options)]
    private static partial Regex Ready();

    /// <summary>A quoted "ready" is what a service answered, and so was seen.</summary>
    [GeneratedRegex("[\"“'‘][^\"”'’]{0,100}[\"”'’]", Options)]
    private static partial Regex Quoted();
}
