using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Facts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>An approval by the one who deployed, or by nobody who is named.</summary>
internal sealed partial class SelfApprovalRule() : ReportRule(
    "self-approval", "The one who deployed is the only one who approved, or nobody is named who did.")
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        var labelled = report.Statements
            .Select(statement => (Statement: statement, Pair: PairOf(statement)))
            .Where(entry => entry.Pair is not null && !Words.IsPlanned(entry.Statement))
            .Select(entry => (entry.Statement, entry.Pair!.Value.Label, entry.Pair.Value.Value))
            .ToList();
        var deployers = labelled.Where(entry => Words.DeployerLabel().IsMatch(entry.Label)).ToList();
        var approvals = labelled
            .Where(entry => Words.ApproverLabel().IsMatch(entry.Label) && !Words.NotFinal().IsMatch(entry.Value) && !TimeLabel().IsMatch(entry.Label))
            .ToList();
        if (approvals.Count == 0 || report.Statements.Any(statement => Stated().IsMatch(statement.Plain))) yield break;

        var names = deployers.SelectMany(entry => NamesOf(entry.Value)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var named = approvals.Where(entry => !Nobody().IsMatch(entry.Value)).ToList();
        var lines = deployers.Select(entry => entry.Statement.Line);
        if (named.Count == 0)
        {
            yield return Finding(
                FindingClass.Unsupported, FindingSeverity.Error, approvals[0].Statement.Line, approvals[0].Statement.Text,
                names.Count == 0
                    ? "An approval is claimed, and nobody is named who gave it."
                    : $"An approval is claimed, and the only one who is named is the one who deployed: {string.Join(", ", deployers.Select(entry => entry.Value).Distinct())} (line {deployers[^1].Statement.Line}).",
                "An approval by somebody else, with name and time.", lines);
        }
        else if (names.Count > 0 && named.SelectMany(entry => NamesOf(entry.Value)).All(names.Contains))
        {
            yield return Finding(
                FindingClass.Unsupported, FindingSeverity.Error, named[0].Statement.Line, named[0].Statement.Text,
                $"{named[0].Value} approved and deployed (line {deployers[^1].Statement.Line}); nobody else approved.",
                "An approval by somebody else, or the statement that self-approval was allowed.", lines);
        }
    }

    private static (string Label, string Value)? PairOf(Statement statement)
    {
        if (statement.Kind == StatementKind.Row)
        {
            var cells = statement.Plain.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return cells.Length >= 2 ? (cells[0], cells[1]) : null;
        }

        if (By().Match(statement.Plain) is { Success: true } by) return (by.Groups["label"].Value, by.Groups["value"].Value);
        return Words.Labelled(statement.Plain);
    }

    private static IEnumerable<string> NamesOf(string value) =>
        Separators().Split(Aside().Replace(value, "")).Select(name => name.Trim().TrimEnd('.')).Where(name => name.Length > 0);

    [GeneratedRegex(@"^(?<label>(?:deployed|released|performed|executed|approved|signed off|authori[sz]ed) by)\s*:?\s+(?<value>\S.*)$", Options)]
    private static partial Regex By();

    [GeneratedRegex(@"\s*[,;]\s*|\s+및\s+|\s+and\s+", Options)]
    private static partial Regex Separators();

    [GeneratedRegex(@"\([^)]{0,80}\)|\b(?:at|on)\s+[0-9].*$|\s[0-9]{4}-[0-9]{2}-[0-9]{2}.*$", Options)]
    private static partial Regex Aside();

    [GeneratedRegex(@"시각|일시|시간|\btime\b|\bdate\b|기준|조건|\bcriteri", Options)]
    private static partial Regex TimeLabel();

    /// <summary>What stands behind "approval:" and is no name: a verdict, a ticket, a time.</summary>
    [GeneratedRegex(@"완료|승인됨|^승인$|티켓|\bTICKET\b|^[A-Z]{2,10}-[0-9]+|\bcomplete|\bgranted\b|\bapproved\b|^(?:yes|ok|given|done)\b|^[0-9]", Options)]
    private static partial Regex Nobody();

    [GeneratedRegex(@"자체\s*승인\s*허용|self-?approval (?:was )?allowed|AllowSelfApproval", Options)]
    private static partial Regex Stated();
}
