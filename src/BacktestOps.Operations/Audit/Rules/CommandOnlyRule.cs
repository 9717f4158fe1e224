using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>A tick under which stands a command, and not what it answered.</summary>
internal sealed partial class CommandOnlyRule() : ReportRule(
    "command-only", "A tick's only evidence is a command without its output.")
{
    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        foreach (var statement in report.Statements)
        {
            if (statement.Kind != StatementKind.Item || !statement.IsTicked || statement.Children.Count == 0) continue;
            var code = statement.Children.Where(child => child.Kind == StatementKind.Code).ToList();
            if (code.Count == 0 || code.Count != statement.Children.Count || !code.TrueForAll(IsCommand)) continue;
            yield return Unsupported(
                statement,
                $"What stands under the tick is a command ('{code[0].Text}'), not what it answered: that it was run, and with which outcome, is not shown.",
                "The command's output and exit code.", code.Select(line => line.Line));
        }
    }

    private static bool IsCommand(Statement line) => Prompt().IsMatch(line.Text) || Known().IsMatch(line.Text) || Comment().IsMatch(line.Text);

    [GeneratedRegex(@"^(?:\$|PS[^>]{0,60}>|>)\s+\S", RegexOptions.CultureInvariant)]
    private static partial Regex Prompt();

    [GeneratedRegex(
        @"^(?:sudo\s+)?(?:git|node|npm|npx|yarn|pnpm|curl|wget|python3?|pip3?|dotnet|docker|docker-compose|podman|kubectl|helm|systemctl|service|pm2|ssh|scp|rsync|make|cd|cp|mv|rm|ln|mkdir|tar|unzip|netstat|ss|lsof|ps|kill|journalctl|tail|head|cat|grep|echo|export|source|java|pwsh|bash|sh|psql|sqlite3|redis-cli|terraform|ansible(?:-playbook)?|\./\S+|[A-Z][a-z]+-[A-Z][A-Za-z]+)(?:\s|$)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Known();

    [GeneratedRegex(@"^(?:#|//|REM\s)", RegexOptions.CultureInvariant)]
    private static partial Regex Comment();
}
