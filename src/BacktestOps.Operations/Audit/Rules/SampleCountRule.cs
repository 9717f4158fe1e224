using System.Globalization;
using System.Text.RegularExpressions;
using BacktestOps.Contracts;
using BacktestOps.Operations.Audit.Facts;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Rules;

/// <summary>The number of samples, and the errors in all of them, against the samples that are shown.</summary>
internal sealed partial class SampleCountRule() : ReportRule(
    "sample-count", "A number of samples, or of errors in all of them, is not what the samples that are shown add up to.")
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public override IEnumerable<ReportFinding> Find(AuditedReport report)
    {
        if (report.Samples.Count == 0) yield break;
        var lines = report.Samples.Select(sample => sample.Line).ToHashSet();
        foreach (var statement in report.Statements.Where(statement => statement.Kind != StatementKind.Row && !lines.Contains(statement.Line)))
        {
            if (Words.IsPlanned(statement)) continue;
            if (SamplesClaimed().Match(statement.Plain) is { Success: true } count && Number(count) is { } claimed)
            {
                var (samples, _) = report.SamplesAround(statement);
                if (samples.Count != claimed && samples.Count > 0)
                    yield return Contradicted(statement, $"{claimed} samples are claimed, and {samples.Count} are shown.", "The samples that are missing.", samples.Select(sample => sample.Line));
            }

            // Errors of one kind may be none while others occur; only a line about all of them can be added up.
            if (report.ActivityOf(statement) != Activity.Monitor || ErrorsClaimed().Match(statement.Plain) is not { Success: true } errors || Number(errors) is not { } said) continue;
            var (counted, _) = report.SamplesAround(statement, sample => sample.Values.ContainsKey("errors"));
            var sum = counted.Sum(sample => sample.Values["errors"].Value);
            if (sum <= said || counted.Any(sample => sample.Values["errors"].Dimension == Dimension.Percent)) continue;
            yield return Contradicted(
                statement,
                $"{said} errors are claimed; the samples that are shown count {string.Join(" + ", counted.Take(20).Select(sample => Statistics.Show(sample.Values["errors"].Value)))} = {Statistics.Show(sum)}.",
                "The log of the whole time.", counted.Where(sample => sample.Values["errors"].Value > 0).Select(sample => sample.Line));
        }
    }

    private static int? Number(Match match) =>
        !match.Groups["n"].Success ? 0
        : int.TryParse(match.Groups["n"].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"(?:샘플|표본)(?:\s*수)?\s*[:：]?\s*(?<n>[0-9][0-9,]*)\s*(?:개|건|회)?|(?<n>[0-9][0-9,]*)\s*개(?:의)?\s*(?:샘플|표본)|(?<![0-9.%])\b(?<n>[0-9][0-9,]*)\s+samples\b(?!\s+(?:apart|per|an?|every))|\bsamples?\s*(?:taken|recorded|count)?\s*[:=]\s*(?<n>[0-9][0-9,]*)", Options)]
    private static partial Regex SamplesClaimed();

    [GeneratedRegex(@"^(?:총\s*|전체\s*|total\s+|all\s+)?(?:에러|오류|errors?)(?:\s*(?:수|건수|합계|total|count))?\s*[:：=]\s*(?:(?<n>[0-9][0-9,]*)(?![0-9.]*\s*%)|없음|none\b)|^no errors\b|^(?<n>[0-9][0-9,]*)\s+errors\b", Options)]
    private static partial Regex ErrorsClaimed();
}
