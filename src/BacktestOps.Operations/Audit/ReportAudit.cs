using System.Text;
using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Reading;
using BacktestOps.Operations.Audit.Rules;
using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.Audit;

/// <summary>A rule of the audit, for lists of rules.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Says">What it finds.</param>
public sealed record AuditRule(string Id, string Says);

/// <summary>
/// Holds a deployment report, a Markdown checklist in Korean or English, against itself and against a ledger: every figure,
/// time and tick that it claims against every other that it shows.
/// </summary>
public sealed class ReportAudit
{
    /// <summary>Longer documents are not read, in bytes. No checklist is near it.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>What stands behind this line is not read, which a finding says.</summary>
    public const int MaxLines = 20_000;

    private const string UnreadRule = "unread";
    private const string DamagedRule = "evidence-damaged";

    private static readonly ReportRule[] All =
    [
        new DurationRangeRule(), new StageRecordRule(), new SampleArithmeticRule(), new SampleCountRule(), new SamplingIntervalRule(), new UnitMismatchRule(),
        new ThresholdRule(), new TableTotalRule(), new ExpectedActualRule(), new ExpectedObservedRule(), new FutureTickRule(),
        new CompletionTimesRule(), new SelfApprovalRule(), new CommandOnlyRule(), new ReadinessRule(), new ZeroWithoutCountRule(),
        new TickOverOpenRule(), new FinalWhileOpenRule(), new VersionRule(), new LedgerRule(),
    ];

    /// <summary>The rules, for documentation and for SARIF.</summary>
    public static IReadOnlyList<AuditRule> Rules { get; } =
    [
        .. All.Select(rule => new AuditRule(rule.Id, rule.Says)),
        new AuditRule(Recomputation.Rule, Recomputation.Says),
        new AuditRule(DamagedRule, "The ledger is not as it was written, so nothing is taken from it."),
        new AuditRule(UnreadRule, "Something of the document could not be read, so nothing is said of it."),
    ];

    /// <summary>Audits a file.</summary>
    /// <param name="path">The document.</param>
    /// <param name="ledgerPath">A ledger to hold it against; null for none.</param>
    /// <returns>The findings by line; none for a document in which nothing was found.</returns>
    /// <exception cref="AuditException">The document or the ledger can't be opened.</exception>
    public static IReadOnlyList<ReportFinding> AuditFile(string path, string? ledgerPath = null)
    {
        var content = ReadFile(path);
        if (content.Length > MaxBytes) return [Unread(path, 1, $"it has more than {MaxBytes / 1024 / 1024} MiB")];
        if (content.AsSpan(0, Math.Min(content.Length, 8_192)).Contains((byte)0)) return [Unread(path, 1, "it is no text: it has zero bytes")];
        var text = Encoding.UTF8.GetString(content).TrimStart('\uFEFF');
        if (ledgerPath is null) return Audit(text, path);
        var (records, hashes, damage) = ReadLedger(ledgerPath);
        return damage is null ? Audit(text, path, records, hashes) : [damage with { Path = path }, .. Audit(text, path)];
    }

    /// <summary>Audits a text.</summary>
    /// <param name="text">Markdown.</param>
    /// <param name="path">How findings name it.</param>
    /// <param name="ledger">Records to hold it against; null for none.</param>
    /// <param name="hashes">The records' hashes by their numbers; null where they are not known, and no report is computed again.</param>
    /// <returns>The findings by line.</returns>
    public static IReadOnlyList<ReportFinding> Audit(
        string text, string path, IReadOnlyList<EvidenceRecord>? ledger = null, IReadOnlyDictionary<int, string>? hashes = null)
    {
        // What differs from what the ledger gives explains whatever else the rules would say of it.
        if (ledger is not null && hashes is not null && Recomputation.Find(text, ledger, hashes) is { Count: > 0 } differing)
            return [.. differing.Select(finding => finding with { Path = path })];
        var findings = new List<ReportFinding>();
        var document = ReportReader.Read(FirstLines(text, out var cut));
        if (cut) findings.Add(Unread(path, MaxLines + 1, $"it has more than {MaxLines} lines; what follows was not read"));
        findings.AddRange(document.Unread.Select(unread => Unread(path, unread.Line, unread.Reason)));
        var report = new AuditedReport(document, ledger, hashes);
        foreach (var rule in All) findings.AddRange(rule.Find(report).Select(finding => finding with { Path = path }));
        if (ledger is not null) RemoveSupported(findings, report, ledger);
        return [.. findings.OrderBy(finding => finding.Line).ThenBy(finding => finding.Rule, StringComparer.Ordinal)];
    }

    /// <summary>What the document alone does not support may be supported by the ledger.</summary>
    private static void RemoveSupported(List<ReportFinding> findings, AuditedReport report, IReadOnlyList<EvidenceRecord> ledger)
    {
        var statements = report.Statements.ToLookup(statement => statement.Line);
        findings.RemoveAll(finding => finding.Class == FindingClass.Unsupported && finding.Rule != "self-approval" && finding.Rule != "evidence"
            && statements[finding.Line].Any(statement => LedgerRule.IsSupported(statement, ledger)));
    }

    private static string FirstLines(string text, out bool cut)
    {
        var at = -1;
        for (var line = 0; line < MaxLines; line++)
        {
            at = text.IndexOf('\n', at + 1);
            if (at >= 0) continue;
            cut = false;
            return text;
        }

        cut = at + 1 < text.Length;
        return text[..at];
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[MaxBytes + 1];
            return content[..file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new AuditException("ReportNotReadable", $"'{path}' could not be read: {error.Message}", "Name a Markdown file that this account can read.", error);
        }
    }

    private static (IReadOnlyList<EvidenceRecord> Records, IReadOnlyDictionary<int, string> Hashes, ReportFinding? Damage) ReadLedger(string path)
    {
        try
        {
            var faults = LedgerVerification.Verify(path).Where(fault => fault.Kind != LedgerFaultKind.Torn).ToList();
            if (faults.Count > 0) return ([], new Dictionary<int, string>(), Damaged(path, faults));
            return (
                [.. new EvidenceLedger(path, TimeProvider.System).Read()],
                EvidenceReader.Read(path, new EvidenceFilter()).ToDictionary(record => record.Sequence, record => record.Hash), null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AuditException("LedgerNotReadable", $"The ledger '{path}' could not be read: {error.Message}", "Name the ledger.jsonl of the deployment's evidence folder.", error);
        }
    }

    private static ReportFinding Damaged(string path, List<LedgerFault> faults) => new()
    {
        Rule = DamagedRule,
        Class = FindingClass.Unsupported,
        Severity = FindingSeverity.Error,
        Line = 1,
        Claim = path,
        Arithmetic = $"The ledger is not as it was written: line {faults[0].Line}, {faults[0].Detail}{(faults.Count > 1 ? $"; {faults.Count - 1} more faults" : "")}. Nothing was taken from it.",
        Settles = "A copy of the ledger whose chain is whole; Test-DeploymentEvidence names every fault.",
    };

    private static ReportFinding Unread(string path, int line, string reason) => new()
    {
        Rule = UnreadRule,
        Class = FindingClass.Undecidable,
        Severity = FindingSeverity.Error,
        Path = path,
        Line = line,
        Claim = "",
        Arithmetic = $"The document was not read whole: {reason}. Nothing is said of what was not read.",
        Settles = "A checklist in Markdown of ordinary size.",
    };
}

/// <summary>An audit that could not be made.</summary>
/// <param name="errorId">Stable id.</param>
/// <param name="message">What was wrong and where.</param>
/// <param name="recommendedAction">What to do next.</param>
/// <param name="innerException">What caused it.</param>
public sealed class AuditException(string errorId, string message, string recommendedAction, Exception? innerException = null)
    : BacktestOpsException(errorId, message, recommendedAction, innerException);
