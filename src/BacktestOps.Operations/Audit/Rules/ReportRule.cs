using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>One thing that can be wrong with a report.</summary>
/// <param name="id">Stable id, kebab case.</param>
/// <param name="says">What it finds, one sentence.</param>
internal abstract class ReportRule(string id, string says)
{
    private const int MaxClaim = 200;

    public string Id { get; } = id;

    public string Says { get; } = says;

    public abstract IEnumerable<ReportFinding> Find(AuditedReport report);

    protected ReportFinding Contradicted(Statement claim, string arithmetic, string settles, params IEnumerable<int> otherLines) =>
        Finding(FindingClass.Contradicted, FindingSeverity.Error, claim.Line, claim.Text, arithmetic, settles, otherLines);

    protected ReportFinding Unsupported(Statement claim, string arithmetic, string settles, params IEnumerable<int> otherLines) =>
        Finding(FindingClass.Unsupported, FindingSeverity.Warning, claim.Line, claim.Text, arithmetic, settles, otherLines);

    protected ReportFinding Undecidable(Statement claim, string arithmetic, string settles, params IEnumerable<int> otherLines) =>
        Finding(FindingClass.Undecidable, FindingSeverity.Note, claim.Line, claim.Text, arithmetic, settles, otherLines);

    protected ReportFinding Premature(Statement claim, string arithmetic, string settles, params IEnumerable<int> otherLines) =>
        Finding(FindingClass.Premature, FindingSeverity.Error, claim.Line, claim.Text, arithmetic, settles, otherLines);

    protected ReportFinding Finding(
        FindingClass kind, FindingSeverity severity, int line, string claim, string arithmetic, string settles, IEnumerable<int> otherLines) => new()
    {
        Rule = Id,
        Class = kind,
        Severity = severity,
        Line = line,
        OtherLines = [.. otherLines.Where(other => other != line).Distinct().Order()],
        Claim = claim.Length <= MaxClaim ? claim : claim[..MaxClaim] + "…",
        Arithmetic = arithmetic,
        Settles = settles,
    };
}
