using System.Globalization;
using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Reading;
using BacktestOps.Operations.Evidence;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>Ticks against the records of a ledger.</summary>
internal sealed partial class LedgerRule() : ReportRule(
    "evidence", "A tick rests on a record that failed, that decided nothing, or that is not in the ledger.")
{
    private const int MaxRun = 10_000;
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        if (report.Ledger is not { } ledger) yield break;
        var last = ledger.Count == 0 ? 0 : ledger.Max(record => record.Sequence);
        foreach (var statement in report.Statements)
        {
            foreach (var digest in Digest().Matches(statement.Text).Select(match => match.Groups["d"].Value.ToLowerInvariant()))
            {
                if (report.Hashes.Any(hash => hash.StartsWith(digest, StringComparison.Ordinal)) || ledger.Any(record => record.Previous.StartsWith(digest, StringComparison.Ordinal) || record.Artifacts.Any(kept => kept.StartsWith(digest, StringComparison.Ordinal)) || record.Observed?.Contains(digest, StringComparison.Ordinal) == true)) continue;
                yield return Contradicted(statement, $"No record of the ledger kept anything with the digest {digest}.", "The artifact itself, or the ledger that names it.");
            }

            if (!statement.IsTicked) continue;
            foreach (var number in NumbersIn(statement.Text).Where(number => ledger.All(record => record.Sequence != number)))
            {
                yield return Contradicted(
                    statement, $"The tick rests on record {number}; the ledger's records are 1 to {last}.", "The ledger that has the record, or another record.");
            }

            foreach (var record in RecordsOf(statement, ledger).Where(record => !Supports(record)))
            {
                var seen = $"Record {record.Sequence} of the ledger ('{record.Subject}', {record.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}) expected '{record.Expected}' and saw '{record.Observed ?? "nothing"}': {record.Verdict.ToString().ToLowerInvariant()}.";
                yield return record.Verdict == Verdict.Fail
                    ? Contradicted(statement, seen, "A later record of the same subject that passes, or the tick taken back.")
                    : Unsupported(statement, seen, "A record of the same subject that passes.");
            }
        }
    }

    /// <summary>True when a line, or an item around or directly under it, rests on records and all of them passed.</summary>
    public static bool IsSupported(Statement statement, IReadOnlyList<EvidenceRecord> ledger) =>
        statement.Parents().Concat(statement.Children).Prepend(statement).Any(at =>
        {
            var records = RecordsOf(at, ledger);
            return records.Count > 0 && records.All(Supports);
        });

    /// <summary>
    /// True when a record speaks for a line that names it. One of a watch is of many figures at once, and its verdict that of the
    /// worst: of the figure that the line is about it may well be a pass. A report of this module is computed again instead.
    /// </summary>
    private static bool Supports(EvidenceRecord record) => record.Verdict == Verdict.Pass || record.Kind is EvidenceKind.Watch or EvidenceKind.WatchEnd;

    /// <summary>
    /// The records that a line names by number (<c>evidence #12</c>, <c>증거 #12</c>); where it names none, the last record whose
    /// subject it quotes.
    /// </summary>
    private static List<EvidenceRecord> RecordsOf(Statement statement, IReadOnlyList<EvidenceRecord> ledger)
    {
        var numbers = NumbersIn(statement.Text).ToHashSet();
        if (numbers.Count > 0) return [.. ledger.Where(record => numbers.Contains(record.Sequence))];
        return ledger.LastOrDefault(record => record.Subject.Length >= 4 && statement.Plain.Contains(record.Subject, StringComparison.OrdinalIgnoreCase)) is { } quoted
            ? [quoted]
            : [];
    }

    private static IEnumerable<int> NumbersIn(string text) =>
        from reference in Reference().Matches(text)
        from Match run in Run().Matches(reference.Value)
        let first = int.Parse(run.Groups["from"].Value, CultureInfo.InvariantCulture)
        let last = run.Groups["to"].Success ? int.Parse(run.Groups["to"].Value, CultureInfo.InvariantCulture) : first
        // A range of a million is no reference; its ends are looked at, and one of them is not there.
        from number in last >= first && last - first <= MaxRun ? Enumerable.Range(first, last - first + 1) : [first, last]
        select number;

    [GeneratedRegex(@"(?:\bevidence|\brecords?|증거|근거|기록)\s*:?\s*#[0-9]{1,9}(?:\s*[,–-]\s*#[0-9]{1,9})*", Options)]
    private static partial Regex Reference();

    [GeneratedRegex(@"#(?<from>[0-9]{1,9})(?:\s*[–-]\s*#(?<to>[0-9]{1,9}))?", Options)]
    private static partial Regex Run();

    [GeneratedRegex(@"\bsha-?256:?\s*(?<d>[0-9a-f]{12,64})\b|(?<![0-9a-f])(?<d>[0-9a-f]{64})(?![0-9a-f])", Options)]
    private static partial Regex Digest();
}
