using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>"0 errors", without saying of how many.</summary>
internal sealed partial class ZeroWithoutCountRule() : ReportRule(
    "zero-without-count", "Nothing was found, and how much was looked at is not said.")
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        var samples = report.Samples.Select(sample => sample.Line).ToHashSet();
        var zeros = report.Statements
            .Where(statement => statement.Kind is StatementKind.Item or StatementKind.Paragraph && statement.IsClaimedDone
                && !samples.Contains(statement.Line) && Zero().IsMatch(statement.Plain))
            .ToList();
        var bare = zeros.Where(statement => !IsCounted(statement)).ToList();
        var isCountedElsewhere = bare.Count < zeros.Count;
        foreach (var section in bare.GroupBy(statement => statement.Section))
        {
            // A summary may repeat a figure whose count stands in the chapter before it.
            if (isCountedElsewhere && section.All(statement => statement is { Parent: null, Box: null })) continue;
            var first = section.First();
            yield return Unsupported(
                first,
                section.Count() == 1
                    ? "None is said to have been found, and not of how many: none of ten says little, none of a million much, and none of none is no finding at all."
                    : $"{section.Count()} times none is said to have been found in this section, and never of how many.",
                "The number of lines, requests or messages that were looked at.", section.Skip(1).Select(statement => statement.Line));
        }
    }

    private static bool IsCounted(Statement statement) =>
        Count().IsMatch(statement.Plain) || statement.Children.Concat(statement.Parents()).Any(near => Count().IsMatch(near.Plain))
        || statement.Section.Statements.Any(near => near.Parent is null && near.Box is null && Count().IsMatch(near.Plain));

    [GeneratedRegex(@"(?<![0-9.,:%])0\s*(?:건|개|회(?!차)|(?:\w+\s){0,2}(?:errors?|failures?|issues?|alerts?|warnings?|reports?|complaints?|bugs?|exceptions?|incidents?)\b)|\b(?:errors?|failures?|warnings?|alerts?|complaints?)\s*[:=]\s*(?:0|none|zero)\b|\b(?:no|zero)\s+(?:\w+\s){0,2}(?:errors|failures|alerts|warnings|complaints|exceptions|incidents)\b.{0,30}\b(?:found|seen|occurred|reported|logged)\b", Options)]
    private static partial Regex Zero();

    [GeneratedRegex(@"(?<![0-9.])[1-9][0-9,]*\s*(?:건|개|회|줄|라인|행|요청|메시지)(?:의\s*\S+)?\s*(?:중|가운데|확인|검토|조회|분석)|(?:로그|요청|메시지|확인|검토|대상)\s*(?:수|건수)?\s*[:：]?\s*[1-9][0-9,]*\s*(?:건|개|줄|라인|행|회)|\b(?:of|in|among|out of|across)\s+(?:all\s+|the\s+)?[1-9][0-9,]*\s+(?:\w+\s)?(?:lines|requests|messages|calls|entries|events|checks|items|records|tickets|reports|mails|downloads|runs)\b|\b[1-9][0-9,]*\s+(?:\w+\s)?(?:lines|requests|messages|calls|entries|events|items|records|mails)\s+(?:were\s+)?(?:read|checked|looked at|examined|reviewed|scanned)\b", Options)]
    private static partial Regex Count();
}
