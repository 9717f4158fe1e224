using System.Text.RegularExpressions;
using BacktestOps.Operations.Audit.Reading;

namespace BacktestOps.Operations.Audit.Facts;

/// <summary>What was measured at one time, as the document shows it.</summary>
/// <param name="Line">The line.</param>
/// <param name="Section">Where it stands.</param>
/// <param name="At">When.</param>
/// <param name="Values">The figures by metric.</param>
internal sealed record Sample(int Line, Section Section, Moment At, IReadOnlyDictionary<string, Quantity> Values);

/// <summary>
/// Samples in both forms that people write: <c>[14:30] CPU: 12%, Memory: 45MB</c>, and a table whose first column is the time.
/// </summary>
internal static partial class Samples
{
    /// <summary>The samples of a document by line.</summary>
    public static IReadOnlyList<Sample> In(ReportDocument document) =>
        [.. FromLines(document).Concat(document.Tables.SelectMany(FromTable)).OrderBy(sample => sample.Line)];

    private static IEnumerable<Sample> FromLines(ReportDocument document)
    {
        foreach (var statement in document.Statements)
        {
            if (statement.Kind == StatementKind.Row || Start().Match(statement.Plain) is not { Success: true } start) continue;
            var moments = Clocks.Moments(start.Value);
            var values = Pairs(statement.Plain[start.Length..]);
            if (moments.Count == 1 && moments[0].Time is not null && values.Count > 0)
                yield return new Sample(statement.Line, statement.Section, moments[0], values);
        }
    }

    private static IEnumerable<Sample> FromTable(ReportTable table)
    {
        if (table.Header.Count < 2 || !TimeColumn().IsMatch(table.Header[0])) yield break;
        foreach (var row in table.Rows)
        {
            var moments = Clocks.Moments(row.Cell(0));
            if (moments.Count != 1 || moments[0].Time is null) continue;
            var values = new Dictionary<string, Quantity>();
            for (var column = 1; column < table.Header.Count; column++)
            {
                if (Quantities.In(row.Cell(column)).FirstOrDefault() is { } value) values.TryAdd(NameOf(table.Header[column]), value);
            }

            if (values.Count > 0) yield return new Sample(row.Line, table.Section, moments[0], values);
        }
    }

    private static Dictionary<string, Quantity> Pairs(string text)
    {
        var values = new Dictionary<string, Quantity>();
        foreach (Match pair in Pair().Matches(text))
        {
            if (Quantities.In(pair.Groups["value"].Value).FirstOrDefault() is { } value) values.TryAdd(NameOf(pair.Groups["name"].Value), value);
        }

        return values;
    }

    /// <summary>A known metric's key, or the name itself in lower case.</summary>
    private static string NameOf(string text) => Topics.MetricIn(text) ?? text.Trim().ToLowerInvariant();

    [GeneratedRegex(@"^(?:[-•]\s*)?\[?\s*(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[T ])?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?Z?\s*(?:\]|[-–|:,]|(?=\s))\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Start();

    [GeneratedRegex(@"(?<name>\p{L}[\p{L}\p{N} /_.-]{0,40}?)\s*[:=]\s*(?<value>[0-9][0-9.,]{0,20}\s?[%\p{L}]{0,12})", RegexOptions.CultureInvariant)]
    private static partial Regex Pair();

    [GeneratedRegex(@"^(?:시각|시간|일시|time|at|when|timestamp)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TimeColumn();
}
