using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>"Expected: … Actual: …" under a tick.</summary>
internal sealed partial class ExpectedObservedRule() : ReportRule(
    "expected-observed", "What is shown as observed under a tick is not what is shown as expected.")
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        foreach (var statement in report.Statements)
        {
            if (statement.Kind != StatementKind.Item || !statement.IsTicked) continue;
            Match? expected = null;
            foreach (var line in statement.Children)
            {
                if (Expected().Match(line.Plain) is { Success: true } wanted) expected = wanted;
                else if (Observed().Match(line.Plain) is { Success: true } seen && expected is not null)
                {
                    var (want, got) = (Clean(expected), Clean(seen));
                    if (!got.Contains(want, StringComparison.OrdinalIgnoreCase) && !want.StartsWith('<') && !want.StartsWith('>'))
                    {
                        yield return Contradicted(
                            line, $"'{want}' is expected and '{got}' was seen, and '{statement.Plain}' (line {statement.Line}) is ticked.",
                            "A run that answers what is expected, or the tick taken back.", [statement.Line]);
                    }

                    expected = null;
                }
            }
        }
    }

    private static string Clean(Match match) => match.Groups["v"].Value.Trim();

    [GeneratedRegex(@"^(?:expected|기대(?:값|\s*결과)?|예상(?:\s*결과)?)\s*[:=]\s*(?<v>\S.*)$", Options)]
    private static partial Regex Expected();

    [GeneratedRegex(@"^(?:actual|observed|got|실제(?:값|\s*결과)?|결과)\s*[:=]\s*(?<v>\S.*)$", Options)]
    private static partial Regex Observed();
}
