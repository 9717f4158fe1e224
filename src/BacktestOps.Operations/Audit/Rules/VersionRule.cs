using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>The version that is deployed, wherever it is named.</summary>
internal sealed partial class VersionRule() : ReportRule(
    "version", "Two lines name different versions for what was deployed.")
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        var named = report.Statements
            .Select(statement => (Statement: statement, Version: VersionOf(statement)))
            .Where(entry => entry.Version is not null)
            .ToList();
        if (named.Count < 2) yield break;

        // Most lines are right about what they are about; where they are even, the first is taken at its word.
        var version = named.GroupBy(entry => entry.Version).MaxBy(group => group.Count())!.Key;
        var lines = named.Where(entry => entry.Version == version).Select(entry => entry.Statement.Line).ToList();
        foreach (var (statement, other) in named.Where(entry => entry.Version != version))
        {
            yield return Contradicted(
                statement, $"This line names version {other}; line {lines[0]} and {lines.Count - 1} more name {version} for what was deployed.",
                "The tag and the version that the running service answers with.", lines);
        }
    }

    /// <summary>The version that a line gives to what was deployed; null when it speaks of another one, or of several.</summary>
    private static string? VersionOf(Statement statement)
    {
        var text = statement.Plain;
        if (!Context().IsMatch(text) || Past().IsMatch(text) || statement.Parents().Any(parent => Past().IsMatch(parent.Plain))) return null;
        if (statement.Section.Chain().Any(section => section.Level > 1 && Past().IsMatch(section.Heading!.Plain))) return null;
        var versions = Version().Matches(text).Select(match => match.Groups["v"].Value).Distinct().ToList();
        return versions.Count == 1 ? versions[0] : null;
    }

    [GeneratedRegex(@"(?<![0-9A-Za-z.]|[0-9]-)[vV]?(?<v>[0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,5}(?:-[0-9A-Za-z.]+)?)(?![0-9.]*[0-9])", Options)]
    private static partial Regex Version();

    [GeneratedRegex(@"^git\s+(?:checkout|switch|clone|pull)|^\$\s*git\s+(?:checkout|switch)|(?:현재|배포(?:된|한)?|신규)\s*버전|^""?version""?\s*[:=]|\b(?:current|deployed|running|new|target) version|package\.json|배포|핫픽스|릴리스|\bdeploy|\bhotfix|\brelease|\bnow running|^현재\b|^current\b", Options)]
    private static partial Regex Context();

    [GeneratedRegex(@"이전|직전|기존|백업|롤백|되돌|\bprevious|\bformer|\bold\b|\bbackup|\bback up|\broll(?:ed|ing)?[ -]?back|\bbefore\b|\brevert|→|->|\bfrom\b.*\bto\b|에서.*(?:으로|로)\b|\bnode(?:\.js)?\b|\bpython\b|\bnginx\b|\bsqlite\b|\bpostgres", Options)]
    private static partial Regex Past();
}
