using BacktestOps.Contracts;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Reports;

namespace BacktestOps.Operations.Audit;

/// <summary>
/// Computes a report of this module again, from the ledger that it names, and holds it against what the document says, line by
/// line. What the general rules would say of a line that differs says nothing more.
/// </summary>
internal static class Recomputation
{
    public const string Rule = "recomputed";

    public const string Says = "A line of a report by this module is not what its ledger gives.";

    private const int MaxClaim = 200;

    /// <summary>The lines that differ; null for a document that does not say that it can be computed again.</summary>
    /// <param name="text">The document.</param>
    /// <param name="records">The ledger's records.</param>
    /// <param name="hashes">Their hashes by their numbers.</param>
    public static IReadOnlyList<ReportFinding>? Find(string text, IReadOnlyList<EvidenceRecord> records, IReadOnlyDictionary<int, string> hashes)
    {
        if (ReportStamp.Find(text) is not { } stamp) return null;
        var lines = Lines(text);
        var at = lines.FindLastIndex(line => line.Contains("<!-- backtestops report", StringComparison.Ordinal)) + 1;
        if (stamp.Format != ReportStamp.CurrentFormat)
            return [Finding(FindingClass.Undecidable, FindingSeverity.Note, at, lines[at - 1], $"The report says that it is of format {stamp.Format}; this module computes format {ReportStamp.CurrentFormat}, so it was not computed again.", "The version of the module that wrote it.")];
        if (!hashes.TryGetValue(stamp.Head.Sequence, out var hash) || hash != stamp.Head.Hash)
            return [Contradicted(at, lines[at - 1], hash is null ? $"The report rests on record {stamp.Head.Sequence}, and the ledger ends with record {records.Count}." : $"The report rests on record {stamp.Head.Sequence} with another hash than the ledger's ({hash}).")];
        if (Write(stamp, [.. records.Where(record => record.Sequence <= stamp.Head.Sequence)]) is not { } computed)
            return [Contradicted(at, lines[at - 1], "The ledger has no such deployment, or no report is written in such a language or time zone.")];
        return [.. Compare(lines, Lines(computed))];
    }

    private static string? Write(ReportStamp stamp, IReadOnlyList<EvidenceRecord> records)
    {
        try
        {
            var model = ReportBuilder.Build(records, stamp.Head, DeploymentReports.Find(records, stamp.Deployment, null));
            return DeploymentReports.Write(model, ReportFormat.Markdown, ReportText.For(stamp.Culture, TimeZoneInfo.FindSystemTimeZoneById(stamp.TimeZone)), stamp.TimeZone);
        }
        catch (Exception error) when (error is ReportException or TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            return null;
        }
    }

    private static IEnumerable<ReportFinding> Compare(List<string> said, List<string> computed)
    {
        var (first, last) = (0, 0);
        while (first < said.Count && first < computed.Count && said[first] == computed[first]) first++;
        while (last < said.Count - first && last < computed.Count - first && said[^(last + 1)] == computed[^(last + 1)]) last++;
        var (left, right) = (said[first..^last], computed[first..^last]);
        foreach (var (at, removed, added) in Blocks(left, right))
        {
            for (var line = 0; line < Math.Max(removed.Count, added.Count); line++)
            {
                var number = first + at + Math.Min(line, Math.Max(0, removed.Count - 1)) + 1;
                if (line >= removed.Count)
                    yield return Contradicted(Math.Min(number, said.Count), removed.Count == 0 ? "" : removed[^1], $"The ledger gives a line here that the document does not have: '{Short(added[line])}'.");
                else if (line >= added.Count)
                    yield return Contradicted(number, removed[line], "The ledger gives no such line.");
                else
                    yield return Contradicted(number, removed[line], $"The ledger gives: '{Short(added[line])}'.");
            }
        }
    }

    /// <summary>Runs of lines that have no counterpart, by the longest common subsequence.</summary>
    private static IEnumerable<(int At, List<string> Removed, List<string> Added)> Blocks(List<string> left, List<string> right)
    {
        // Documents that share next to nothing are one difference; the table would only be large.
        if ((long)left.Count * right.Count > 4_000_000)
        {
            yield return (0, left, right);
            yield break;
        }

        var common = new int[left.Count + 1, right.Count + 1];
        for (var i = left.Count - 1; i >= 0; i--)
        {
            for (var j = right.Count - 1; j >= 0; j--)
                common[i, j] = left[i] == right[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        var (a, b) = (0, 0);
        while (a < left.Count || b < right.Count)
        {
            if (a < left.Count && b < right.Count && left[a] == right[b])
            {
                (a, b) = (a + 1, b + 1);
                continue;
            }

            var at = a;
            var (removed, added) = (new List<string>(), new List<string>());
            while ((a < left.Count || b < right.Count) && !(a < left.Count && b < right.Count && left[a] == right[b]))
            {
                if (b >= right.Count || (a < left.Count && common[a + 1, b] >= common[a, b + 1])) removed.Add(left[a++]);
                else added.Add(right[b++]);
            }

            yield return (at, removed, added);
        }
    }

    private static List<string> Lines(string text) => [.. text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];

    private static ReportFinding Contradicted(int line, string claim, string arithmetic) =>
        Finding(FindingClass.Contradicted, FindingSeverity.Error, line, claim, arithmetic, "Export-DeploymentReport from the ledger, or the records that say what the document says.");

    private static ReportFinding Finding(FindingClass kind, FindingSeverity severity, int line, string claim, string arithmetic, string settles) => new()
    {
        Rule = Rule, Class = kind, Severity = severity, Line = line, Claim = Short(claim.Trim()), Arithmetic = arithmetic, Settles = settles,
    };

    private static string Short(string text) => text.Length <= MaxClaim ? text : text[..MaxClaim] + "…";
}
